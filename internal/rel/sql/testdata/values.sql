SELECT t1."iata", t1."city", t1."rank"
FROM (VALUES ('SFO', 'San Francisco', 1::BIGINT),
('JFK', 'O''Hare', CAST(NULL AS BIGINT))) AS t1("iata", "city", "rank")
