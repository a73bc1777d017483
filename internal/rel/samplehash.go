package rel

import "math"

// sampleFactor spreads bits; the product with 32 bits fits 63.
const sampleFactor = 0x45d9f3b

// SampleHash is the hash by which samples are drawn: of a seed and the number
// of a row, counted from 1. It is below 2^32 and made of nothing but sums,
// products, shifts and exclusive ors of signed 64-bit integers that don't
// overflow, so that every dialect can spell it. Rows 2^32 apart share a hash.
func SampleHash(row, seed int64) int64 {
	k1, k2 := SampleKeys(seed)
	x := (row + k1) & math.MaxUint32
	x = ((x ^ x>>16) * sampleFactor & math.MaxUint32) ^ k2
	x = (x ^ x>>16) * sampleFactor & math.MaxUint32
	return x ^ x>>16
}

// SampleKeys are the two constants, below 2^32, that SampleHash takes from a
// seed: the halves of splitmix64's first number.
func SampleKeys(seed int64) (k1, k2 int64) {
	z := uint64(seed) + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return int64(z >> 32), int64(z & math.MaxUint32)
}

// SampleBound is the least hash that does not belong to a sample of a share
// between 0 and 1.
func SampleBound(share float64) int64 { return int64(math.Ceil(share * (1 << 32))) }
