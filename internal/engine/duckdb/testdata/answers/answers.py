"""Computes the answers beside this file with pandas and Python alone.

    python3 -m venv /tmp/answers && /tmp/answers/bin/pip install pandas pyarrow
    make data && /tmp/answers/bin/python internal/engine/duckdb/testdata/answers/answers.py

Each CSV begins with a comment that names the tools, then a header. Columns
before the results are inputs, named name:type; of functions, the head of each
result is the formula that gives it. \\N is null. Nothing here is Weft's.
"""

import csv
import datetime as dt
import decimal
import hashlib
import math
import pathlib
import platform
import re
import sys

import pandas as pd
import pyarrow
from dateutil.relativedelta import relativedelta

decimal.getcontext().prec = 60
HERE = pathlib.Path(__file__).parent
DATA = HERE.parents[4] / "examples" / "data"
TOOLS = f"# Python {platform.python_version()}, pandas {pd.__version__}, pyarrow {pyarrow.__version__}; made by answers.py\n"


def spell(v):
    """Spells a value as Weft's text: dates and times in ISO, reals in full."""
    if v is None or v is pd.NaT or (isinstance(v, float) and math.isnan(v)):
        return r"\N"
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, (pd.Timestamp, dt.datetime)):
        return v.strftime("%Y-%m-%d %H:%M:%S") + (f".{v.microsecond:06d}" if v.microsecond else "")
    if isinstance(v, float):
        return repr(float(v))
    return str(v)


def write(name, header, rows):
    with open(HERE / name, "w", encoding="utf-8", newline="") as f:
        f.write(TOOLS)
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        for row in rows:
            w.writerow([spell(v) for v in row])


def frame(name, table):
    write(name, list(table.columns), (list(r) for r in table.astype(object).itertuples(index=False)))


def half_away(x, digits=0):
    """Rounds the real as it is, halves away from zero."""
    with decimal.localcontext() as c:
        c.prec = 400
        q = decimal.Decimal(1).scaleb(-digits)
        return float(decimal.Decimal(x).quantize(q, rounding=decimal.ROUND_HALF_UP))


# -- the example and the aggregates, over three million flights and 3,376 airports

flights = pd.read_parquet(DATA / "flights-3m.parquet")
airports = pd.read_csv(DATA / "airports.csv", keep_default_na=False, na_values=[""], encoding="utf-8")


def example():
    """examples/flights.weft with its default: late by 15 minutes or more."""
    late = flights[flights.delay >= 15].merge(airports, left_on="origin", right_on="iata")
    late = late.assign(hours=late.delay / 60, long=(late.delay >= 60).astype("int64"))
    out = late.groupby(["origin", "name", "city", "state"], dropna=False, as_index=False).agg(
        flights=("delay", "size"), mean_delay=("delay", "mean"), long_share=("long", "mean"), hours_lost=("hours", "sum"))
    out["mean_delay"] = [half_away(x, 1) for x in out.mean_delay]
    out["long_share"] = [half_away(100 * x, 1) for x in out.long_share]
    out["hours_lost"] = [half_away(x) for x in out.hours_lost]
    out = out.sort_values(["hours_lost", "origin"], ascending=[False, True])
    frame("top.csv", out.head(20))


def aggregates():
    """Every aggregate, by origin."""
    by = flights.groupby("origin")
    ordered = flights.sort_values(["origin", "date", "destination"]).groupby("origin")
    frame("aggregates.csv", pd.DataFrame({
        "count": by.size(),
        "count_distinct": by.destination.nunique(),
        "sum": by.distance.sum(),
        "mean": by.delay.mean(),
        "min": by.delay.min(),
        "max": by.date.max(),
        "median": by.delay.median(),
        "percentile": by.delay.quantile(0.9, interpolation="linear"),
        "stddev": by.delay.std(ddof=1),
        "first": ordered.destination.first(),
        "last": ordered.destination.last(),
    }).reset_index())


def concatenation():
    """Destinations of the latest flights of each origin, in the order of time."""
    late = flights[flights.delay >= 900].sort_values(["date", "destination"])
    frame("concat.csv", late.groupby("origin").destination.agg("+".join).reset_index(name="destinations"))


def nulls():
    """Aggregates of columns with nulls, and of single rows: airports by country."""
    by = airports.groupby("country", dropna=False)
    ordered = airports.sort_values("iata").groupby("country", dropna=False)
    frame("nulls.csv", pd.DataFrame({
        "rows": by.size(),
        "states": by.state.count(),
        "kinds": by.state.nunique(),
        "least": by.state.min(),
        "north": by.latitude.mean(),
        "spread": by.longitude.std(ddof=1),
        "first": ordered.city.apply(lambda s: s.iloc[0]),
        "last": ordered.state.apply(lambda s: s.iloc[-1]),
        "cities": ordered.city.apply(lambda s: hashlib.md5("|".join(s.dropna()).encode()).hexdigest()),
    }).reset_index())


# -- functions, on values chosen for their edges

DATES = [dt.date(*d) for d in [
    (2020, 2, 29), (2021, 1, 1), (2021, 1, 3), (2021, 1, 4), (2020, 12, 31), (2019, 12, 30), (2018, 12, 31), (2016, 1, 3),
    (1999, 12, 31), (2000, 1, 1), (1970, 1, 1), (1969, 12, 31), (1900, 2, 28), (1899, 12, 31), (1600, 2, 29), (9999, 12, 31),
    (2024, 3, 31), (2023, 3, 31), (2024, 1, 31), (2005, 1, 2), (2026, 7, 15)]]


def quarter_start(d):
    return d.replace(month=3 * ((d.month - 1) // 3) + 1, day=1)


def month_end(d):
    return d.replace(day=1) + relativedelta(day=31)


def dates():
    formulas = {
        "year(d)": lambda d: d.year,
        "quarter(d)": lambda d: pd.Timestamp(d).quarter,
        "month(d)": lambda d: d.month,
        "day(d)": lambda d: d.day,
        "day_of_year(d)": lambda d: d.timetuple().tm_yday,
        "day_of_week(d)": lambda d: d.isoweekday(),
        "week(d)": lambda d: d.isocalendar().week,
        "date_trunc('year', d)": lambda d: d.replace(month=1, day=1),
        "date_trunc('quarter', d)": quarter_start,
        "date_trunc('month', d)": lambda d: d.replace(day=1),
        "date_trunc('week', d)": lambda d: d - dt.timedelta(days=d.weekday()),
        "last_day(d)": month_end,
        "d - 45": lambda d: d - dt.timedelta(days=45),
        "add_months(d, -1)": lambda d: d - relativedelta(months=1),
        "add_months(d, -25)": lambda d: d - relativedelta(months=25),
        "add_years(d, -1)": lambda d: d - relativedelta(years=1),
        "d - date '2000-02-29'": lambda d: (d - dt.date(2000, 2, 29)).days,
        "years_between(date '1500-02-28', d)": lambda d: relativedelta(d, dt.date(1500, 2, 28)).years,
        "months_between(date '1500-01-30', d)": lambda d: (lambda r: 12 * r.years + r.months)(relativedelta(d, dt.date(1500, 1, 30))),
        "format_date(d, '%d.%m.%Y %j %A %b')": lambda d: d.strftime("%d.%m.") + f"{d.year:04d}" + d.strftime(" %j %A %b"),
        "to_text(d)": lambda d: d.isoformat(),
        "make_date(year(d), 2, day(d))": lambda d: safely(lambda: dt.date(d.year, 2, d.day)),
    }
    functions("dates.csv", ["d:date"], [(d,) for d in DATES], formulas)


MOMENTS = [dt.datetime(*m) for m in [
    (2020, 2, 29, 12, 30, 0), (1999, 12, 31, 23, 59, 59, 500000), (1969, 12, 31, 23, 59, 59, 999999), (1970, 1, 1), (1899, 12, 31, 0, 0, 0, 1),
    (2021, 1, 4, 0, 0, 0), (2021, 1, 3, 23, 59, 59), (9999, 12, 31, 23, 59, 59, 999999)]]


def moments():
    origin = dt.datetime(2000, 1, 1, 12)

    def elapsed(t, unit):
        """Whole units, counted in microseconds."""
        micros = (t - origin) // dt.timedelta(microseconds=1)
        return abs(micros) // (unit // dt.timedelta(microseconds=1)) * (-1 if micros < 0 else 1)

    formulas = {
        "hour(t)": lambda t: t.hour,
        "minute(t)": lambda t: t.minute,
        "second(t)": lambda t: t.second,
        "week(t)": lambda t: t.isocalendar().week,
        "date_trunc('hour', t)": lambda t: t.replace(minute=0, second=0, microsecond=0),
        "date_trunc('second', t)": lambda t: t.replace(microsecond=0),
        "date_add('hour', -36, t)": lambda t: t - dt.timedelta(hours=36),
        "date_add('month', -1, t)": lambda t: t - relativedelta(months=1),
        "date_diff('second', timestamp '2000-01-01 12:00:00', t)": lambda t: elapsed(t, dt.timedelta(seconds=1)),
        "date_diff('hour', timestamp '2000-01-01 12:00:00', t)": lambda t: elapsed(t, dt.timedelta(hours=1)),
        "t - timestamp '2000-01-01 12:00:00'": lambda t: (t - origin) / dt.timedelta(days=1),
        "cast(t as date)": lambda t: t.date(),
        "format_date(t, '%H:%M:%S %I %p')": lambda t: t.strftime("%H:%M:%S %I %p"),
    }
    functions("moments.csv", ["t:timestamp"], [(t,) for t in MOMENTS], formulas)


TEXTS = ["", " ", "a", "Weft", "Привет, мир", "  pad  ", "ёЖ😀é", "e\u0301a", "👩‍👩‍👧x", "it's", "a,b,,c", "日本語テキスト", "%_%", "ABCabc", "a\nb", "x" * 300]


def texts():
    formulas = {
        "length(s)": len,
        "upper(s)": str.upper,
        "lower(s)": str.lower,
        "left(s, 3)": lambda s: s[:3],
        "left(s, -2)": lambda s: s[:-2],
        "right(s, 2)": lambda s: s[-2:],
        "substring(s, 2, 3)": lambda s: s[1:4],
        "substring(s, 3)": lambda s: s[2:],
        "substring(s, -2)": lambda s: s[-2:],
        "position(s, 'a')": lambda s: s.find("a") + 1,
        "replace(s, 'a', '<Я>')": lambda s: s.replace("a", "<Я>"),
        "trim(s, ' x')": lambda s: s.strip(" x"),
        "ltrim(s, 'aA ')": lambda s: s.lstrip("aA "),
        "rtrim(s, 'c ')": lambda s: s.rstrip("c "),
        "split_part(s, ',', 2)": lambda s: s.split(",")[1] if s.count(",") else "",
        "split_part(s, ',', -1)": lambda s: s.split(",")[-1],
        "starts_with(s, 'a')": lambda s: s.startswith("a"),
        "ends_with(s, 'c')": lambda s: s.endswith("c"),
        "contains(s, 'b')": lambda s: "b" in s,
        "s like '%a_'": lambda s: re.fullmatch(".*a.", s, re.S) is not None,
        "s < 'b'": lambda s: s.encode() < b"b",
        "repeat(s, 2)": lambda s: s * 2,
        "lpad(s, 5, '-')": lambda s: s[:5].rjust(5, "-"),
        "rpad(s, 5, 'я')": lambda s: s[:5].ljust(5, "я"),
        "md5(s)": lambda s: hashlib.md5(s.encode()).hexdigest(),
        "regexp_count(s, '[a-z]')": lambda s: len(re.findall("[a-z]", s)),
        "regexp_replace(s, '([a-z])([a-z])', '\\2\\1')": lambda s: re.sub("([a-z])([a-z])", r"\2\1", s),
        "regexp_extract(s, '[A-Z][a-z]+')": lambda s: (lambda m: m and m.group())(re.search("[A-Z][a-z]+", s)),
        "s || '|' || length(s)": lambda s: f"{s}|{len(s)}",
    }
    functions("texts.csv", ["s:string"], [(s,) for s in TEXTS], formulas)


REALS = [0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 2.125, -2.375, 0.25, 1e-9, -1e-9, 3.75, 1234.5, -1250.0, 99999.875, 1e15, -4503599627370497.5, 1e100, 7.0, 0.1]


def safely(f):
    """The value of f, or null where it has none or it is not finite."""
    try:
        v = f()
    except (ValueError, OverflowError, ZeroDivisionError):
        return None
    if isinstance(v, complex) or isinstance(v, float) and not math.isfinite(v):
        return None
    return v


def reals():
    formulas = {
        "abs(x)": abs,
        "round(x)": half_away,
        "round(x, 2)": lambda x: half_away(x, 2),
        "round(x, -1)": lambda x: half_away(x, -1),
        "floor(x)": lambda x: float(math.floor(x)),
        "ceil(x)": lambda x: float(math.ceil(x)),
        "trunc(x)": lambda x: float(math.trunc(x)),
        "sign(x)": lambda x: (x > 0) - (x < 0),
        "sqrt(x)": math.sqrt,
        "exp(x)": math.exp,
        "ln(x)": math.log,
        "log10(x)": math.log10,
        "log2(x)": math.log2,
        "power(x, 3)": lambda x: x ** 3,
        "power(x, -0.5)": lambda x: math.pow(x, -0.5),
        "sin(x)": math.sin,
        "cos(x)": math.cos,
        "tan(x)": math.tan,
        "asin(x)": math.asin,
        "acos(x)": math.acos,
        "atan(x)": math.atan,
        "atan2(x, -1)": lambda x: math.atan2(x, -1),
        "degrees(x)": math.degrees,
        "radians(x)": math.radians,
        "x / 3": lambda x: x / 3,
        "1 / x": lambda x: 1 / x,
        "x % 2": lambda x: math.fmod(x, 2),
        "x * 1e300": lambda x: x * 1e300,
        "x + 0.1": lambda x: x + 0.1,
    }
    functions("reals.csv", ["x:real"], [(x,) for x in REALS], formulas)


INTEGERS = [(7, 3), (-7, 3), (7, -3), (-7, -3), (5, 0), (0, 5), (15, 10), (-25, 10), (2**62, 3), (-(2**63) + 8, 7)]


def integers():
    def quotient(a, b):
        return a / b

    formulas = {
        "i + j": lambda a, b: a + b,
        "i - j": lambda a, b: a - b,
        "i / j": lambda a, b: quotient(a, b),
        "i % j": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
        "round(i, -1)": lambda a, b: int(decimal.Decimal(a).quantize(decimal.Decimal("1e1"), rounding=decimal.ROUND_HALF_UP)),
        "abs(i)": lambda a, b: abs(a),
        "greatest(i, j)": max,
        "least(i, j)": min,
        "i between j and 7": lambda a, b: b <= a <= 7,
        "to_text(i)": lambda a, b: str(a),
    }
    functions("integers.csv", ["i:integer", "j:integer"], INTEGERS, formulas)


DECIMALS = [(decimal.Decimal(a), decimal.Decimal(b)) for a, b in [
    ("0.10", "0.20"), ("1.15", "-1.15"), ("-2.50", "0.01"), ("99999999.99", "99999999.99"), ("0.00", "3.33"), ("2.45", "2.55"), ("9999999999999999.99", "9999999999999999.99"), ("-9999999999999999.99", "9999999999999999.99")]]


def decimals():
    formulas = {
        "a + b": lambda a, b: a + b,
        "a - b": lambda a, b: a - b,
        "a * b": lambda a, b: a * b,
        "a / b": lambda a, b: float(a) / float(b),
        "a = b": lambda a, b: a == b,
        "round(a, 1)": lambda a, b: a.quantize(decimal.Decimal("0.1"), rounding=decimal.ROUND_HALF_UP),
        "abs(b)": lambda a, b: abs(b),
    }
    functions("decimals.csv", ["a:decimal(18,2)", "b:decimal(18,2)"], DECIMALS, formulas)


def functions(name, inputs, values, formulas):
    """Writes a table of the inputs and what each formula gives for them."""
    rows = [list(v) + [safely(lambda f=f, v=v: f(*v)) for f in formulas.values()] for v in values]
    write(name, inputs + list(formulas), rows)


if __name__ == "__main__":
    for make in [example, aggregates, concatenation, nulls, dates, moments, texts, reals, integers, decimals]:
        make()
    sys.exit(0)
