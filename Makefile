# Weft. `make help` lists the targets; `make run` and `make test` do all the
# set-up that they need.

TAGS      := duckdb_arrow
DRIVER    := github.com/duckdb/duckdb-go-bindings
LINT      := v2.15.0
NODERED   := 4.1.8
BIN       := bin/weft
EXAMPLE   := examples/flights.weft
DATA      := flights-3m.parquet airports.csv birdstrikes.csv seattle-weather.csv stocks.csv
# What bin/weft carries of the data; with the packages at most 15 MB.
EMBED     := flights-3m.parquet airports.csv seattle-weather.csv stocks.csv
ASSETS    := internal/assets
GENERATED := docs/reference gen studio/src/api/gen
GOFILES   := cmd internal

export CGO_ENABLED := 1

# Packages with tests, apart by whether their test binary links DuckDB: the
# link takes half a minute, and the race detector covers only our own code.
list = go list -tags $(TAGS) -test -f \
  '{{if eq .Name "main"}}{{$$n := 0}}{{range .Deps}}{{if eq . "$(DRIVER)"}}{{$$n = 1}}{{end}}{{end}}{{if eq $$n $(1)}}{{.ImportPath}}{{end}}{{end}}' ./...
pick = $(patsubst %.test,%,$(filter %.test,$(shell $(call list,$(1)))))
pure    = $(call pick,0)
engines = $(call pick,1)

.DEFAULT_GOAL := help
.PHONY: help run example assets test check build bench bench-proxy bench-integrator bench-go data generate generated fmt fmt-check vet lint \
  test-quick test-race test-engine test-examples studio studio-test studio-shots e2e picture clean go cxx node nginx apache haproxy caddy chromium openssl node-red

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## set everything up, start weft serve, open Studio or print its address
	@exec $(BIN) serve

example: build data ## set everything up and run the example over 3 million flights
	$(BIN) run $(EXAMPLE)

test: go cxx node data build generated vet studio-test test-race test-engine test-examples e2e ## set everything up and run every test

check: fmt-check vet lint generated test-quick ## format, vet, lint, generated files, quick tests: under two minutes

build: go cxx assets ## build bin/weft, with Studio and the examples in it
	go build -tags $(TAGS) -trimpath -ldflags '-s -w' -o $(BIN) ./cmd/weft

# Studio and the data come by npm. Without it the program is built all the same:
# a page that says so stands in for Studio, a small example for the examples.
ifneq ($(shell command -v npm 2>/dev/null),)
assets: $(ASSETS)/studio/index.html $(ASSETS)/examples/.made
else
assets:
	@echo "make: npm is missing, so bin/weft will hold no Studio and no example data (install Node.js 20 or newer for them)" >&2
endif

STUDIO_SRC = $(shell find studio/src studio/public studio/scripts studio/index.html studio/package.json studio/*.ts -type f 2>/dev/null)

studio/dist/index.html: studio/node_modules/.fetched $(STUDIO_SRC)
	cd studio && npm run --silent build
	@touch $@

$(ASSETS)/studio/index.html: studio/dist/index.html
	@find $(@D) -mindepth 1 ! -name .keep -delete
	@cp -R studio/dist/. $(@D) && touch $@

$(ASSETS)/examples/.made: $(wildcard examples/*.weft examples/*.csv) $(EMBED:%=examples/data/%)
	@find $(@D) -mindepth 1 ! -name .keep -delete
	@mkdir -p $(@D)/data && cp $(wildcard examples/*.weft examples/*.csv) $(@D) && cp $(EMBED:%=examples/data/%) $(@D)/data
	@n=$$(find $(@D) -type f -exec cat {} + | wc -c); [ $$n -le 15000000 ] || \
	  { echo "make: the examples have $$n bytes, more than the 15,000,000 that the program may carry" >&2; exit 1; }
	@touch $@

data: $(DATA:%=examples/data/%) ## fetch the data of the examples

bench: go cxx data build nginx node-red ## measure beside DuckDB by hand and nginx; ends with lines of name and figure
	go run -tags $(TAGS) ./internal/bench -weft $(BIN)

bench-proxy: go cxx nginx ## measure the websocket proxy beside nginx alone
	go run -tags $(TAGS) ./internal/bench -only proxy

bench-integrator: go cxx build node-red ## measure a published service beside Node-RED alone
	go run -tags $(TAGS) ./internal/bench -weft $(BIN) -only integrator

bench-go: go ## Go's own benchmarks of what links no engine
	go test -run '^$$' -bench . -benchmem $(pure)

generate: go proto/node_modules/.fetched ## write generated code and reference pages anew
	go generate -tags $(TAGS) ./...
	cd proto && node_modules/.bin/buf lint && node_modules/.bin/buf generate

# A copy and a diff, not git: the check also works in an exported tree.
generated: go proto/node_modules/.fetched ## fail when generated files are out of date
	@rm -rf bin/generated && mkdir -p bin/generated
	@for p in $(wildcard $(GENERATED)); do mkdir -p bin/generated/$$p && cp -R $$p/. bin/generated/$$p; done
	@go generate -tags $(TAGS) ./...
	@cd proto && node_modules/.bin/buf lint && node_modules/.bin/buf generate
	@for p in $(wildcard $(GENERATED)); do diff -r bin/generated/$$p $$p || \
	  { echo "make: generated files were out of date; they are written anew now, commit them" >&2; exit 1; }; done

fmt: go ## format the Go code
	gofmt -w $(GOFILES)

fmt-check: go
	@out=$$(gofmt -l $(GOFILES)); [ -z "$$out" ] || { echo "make: not formatted (make fmt does it):" $$out >&2; exit 1; }

vet: go cxx
	go vet -tags $(TAGS) ./...

lint: go cxx bin/tools/golangci-lint-$(LINT) ## golangci-lint, pinned, built into bin/tools
	bin/tools/golangci-lint-$(LINT) run ./...

test-quick: go
	go test -short $(pure)

test-race: go cxx data
	go test -race $(pure)

test-engine: go cxx data build
	go test -tags $(TAGS) -timeout 20m $(engines)

test-examples: build data
	for p in examples/*.weft; do $(BIN) check $$p && $(BIN) test $$p || exit 1; done

studio: studio/dist/index.html ## build Studio into studio/dist, within its budget

studio-test: studio/node_modules/.fetched ## lint, types and tests of Studio
	cd studio && npm run --silent lint && npm run --silent types && npm run --silent test

e2e: go cxx data build chromium openssl nginx apache haproxy caddy studio/node_modules/.fetched ## Studio in a real browser, on the real binary
	cd studio && PATH="$$PATH:/usr/sbin" npm run --silent e2e

# Not part of make test: it is for looking at. CHROMIUM names another browser.
studio-shots: studio/node_modules/.fetched ## screenshots of each view of Studio into bin/shots, looked at by axe
	cd studio && npm run --silent fixture && npm run --silent shots -- ../bin/shots

picture: build chromium ## the README's picture anew, by the real program
	cd studio && node scripts/picture.mjs ../$(BIN) ../docs/studio.png

clean: ## remove what was built, fetched and written
	find $(ASSETS)/studio $(ASSETS)/examples -mindepth 1 ! -name .keep -delete
	rm -rf bin node_modules examples/data examples/out data studio/node_modules studio/dist studio/dist-fixture

# Data of the examples lie in an npm package, pinned by package-lock.json.
examples/data/%: node_modules/.fetched
	@mkdir -p $(@D)
	@cp node_modules/vega-datasets/data/$* $@.part && mv $@.part $@

node_modules/.fetched: package.json package-lock.json | node
	npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

node-red: bin/node-red/.fetched-$(NODERED)

bin/node-red/.fetched-$(NODERED): | node
	@mkdir -p bin/node-red && echo '{"private": true}' > bin/node-red/package.json
	cd bin/node-red && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error node-red@$(NODERED)
	@touch $@

proto/node_modules/.fetched: proto/package.json | node
	cd proto && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

studio/node_modules/.fetched: studio/package.json studio/package-lock.json | node
	cd studio && npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

bin/tools/golangci-lint-$(LINT): | go
	@echo "make: building golangci-lint $(LINT) once, which takes a minute or two"
	@mkdir -p bin/tools/new
	GOBIN=$(CURDIR)/bin/tools/new GOFLAGS= go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT)
	@mv bin/tools/new/golangci-lint $@ && rmdir bin/tools/new

# What the targets need of the machine, each with one line when it is missing.
missing = { echo "make: $(1)" >&2; exit 1; }

go:
	@command -v go >/dev/null 2>&1 || $(call missing,Go is missing: install Go 1.26 or newer from https://go.dev/dl and put it on the PATH)

cxx: go
	@command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null 2>&1 && command -v "$$(go env CXX | cut -d' ' -f1)" >/dev/null 2>&1 || \
	  $(call missing,a C and C++ compiler is missing: apt-get install g++ (Debian and Ubuntu) or dnf install gcc-c++ (Fedora) or xcode-select --install (macOS))

node:
	@command -v npm >/dev/null 2>&1 || $(call missing,npm is missing: install Node.js 20 or newer from https://nodejs.org (the data of the examples come as an npm package))

# Programs of Debian that single targets need, installed where they are missing:
# command, package.
debian = command -v $(1) >/dev/null 2>&1 || { echo "make: installing $(2)"; apt-get update -qq && \
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) >/dev/null; } || \
  $(call missing,$(1) is missing: apt-get install $(2))

nginx:
	@PATH="$$PATH:/usr/sbin" && $(call debian,nginx,nginx-light)

apache:
	@PATH="$$PATH:/usr/sbin" && $(call debian,apache2,apache2)

haproxy:
	@PATH="$$PATH:/usr/sbin" && $(call debian,haproxy,haproxy)

caddy:
	@$(call debian,caddy,caddy)

chromium:
	@$(call debian,$${CHROMIUM:-chromium},chromium)

openssl:
	@$(call debian,openssl,openssl)
