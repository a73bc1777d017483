package sqlite

import "testing"

func TestNetworkFileSystems(t *testing.T) {
	for magic, want := range map[uint32]string{0x6969: "NFS", 0xfe534d42: "SMB", 0xff534d42: "SMB", 0x01021997: "9p", 0xef53: "", 0x58465342: ""} {
		if got := networkKind(magic); got != want {
			t.Errorf("%x: got %q, want %q", magic, got, want)
		}
	}
}
