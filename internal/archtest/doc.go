// Package archtest holds the rules of the repository as Go tests: who may
// import whom, what must be documented, how messages to users are declared,
// what a package may keep in variables, how its tests end, and what no file may
// hold.
//
// Each rule is a function from the parsed source to problems, so that its own
// test can show it broken source. The package only reads source text: it
// builds nothing and links no engine. Rules that ask the catalogues of
// components and functions stand in test files of their own.
package archtest
