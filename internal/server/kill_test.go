package server

import "time"

const hostVariable = "WEFT_TEST_HOST"

// host serves packages until it is killed.
func host(dir, web, tcp string) error {
	s, err := openSite(dir, web, tcp, nil)
	if err != nil {
		return err
	}
	time.Sleep(time.Hour)
	return s.Close()
}
