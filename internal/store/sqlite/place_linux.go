package sqlite

import "golang.org/x/sys/unix"

// networkFileSystem names the network file system that a folder is on; "" for
// any other.
func networkFileSystem(dir string) (string, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "", err
	}
	switch uint32(s.Type) { // the field's width and sign differ by machine
	case unix.NFS_SUPER_MAGIC:
		return "NFS", nil
	case unix.SMB_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC:
		return "SMB", nil
	case unix.V9FS_MAGIC:
		return "9p", nil
	case unix.AFS_SUPER_MAGIC:
		return "AFS", nil
	case unix.CEPH_SUPER_MAGIC:
		return "Ceph", nil
	}
	return "", nil
}
