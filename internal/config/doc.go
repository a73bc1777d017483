// Package config reads the configuration of a component: a TOML file, then
// environment variables, then flags, each winning over the one before. A
// struct names its keys once, in Bind, with default, check and a comment in
// two languages; reading, refusals with their place, the flags of the command
// line and the text of --print-config all come from that.
//
// It knows no component, no command line library and no network.
package config
