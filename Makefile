# Builds, tests and checks wasmformer. `make` alone lists what there is. What is fetched lies in .toolchain, .cache and
# node_modules, what is built in build, types, dist and web/wasm; all of it is ignored by git and made once.

EMCC         := .toolchain/emscripten/bin/emcc
CLANG        ?= clang-19
CLANG_FORMAT ?= clang-format-19
CLANG_TIDY   ?= clang-tidy-19

NPM     := node_modules/.stamp
VENV    := .cache/venv/.stamp
PYTHON  := .cache/venv/bin/python
WEIGHTS := .cache/minilm/model.safetensors
PICTURE := .cache/photo/photo.jpg
NODE24  := .cache/node24/node_modules/node/bin/node
ENGINES_STAMP := .cache/engines/.stamp
BUNDLERS_STAMP := .cache/bundlers/.stamp
BROWSERS := $(patsubst %,.cache/%,chromium firefox webkitdriver minibrowser xvfb)
# The tests and the benchmark run on Node 24 under npm and node alike; the Node on PATH is an engine under test.
ON_NODE24 := PATH="$(CURDIR)/$(dir $(NODE24)):$$PATH"
# Where the tests find what is fetched for them, unless the caller names another.
export MINILM ?= $(CURDIR)/.cache/minilm
export PHOTO ?= $(CURDIR)/.cache/photo
export CHROMIUM ?= $(CURDIR)/.cache/chromium
export FIREFOX ?= $(CURDIR)/.cache/firefox
export WEBKITDRIVER ?= $(CURDIR)/.cache/webkitdriver
export MINIBROWSER ?= $(CURDIR)/.cache/minibrowser
export XVFB ?= $(CURDIR)/.cache/xvfb
export ENGINES ?= $(CURDIR)/.cache/engines/node_modules
export BUNDLERS ?= $(CURDIR)/.cache/bundlers/node_modules
# The seed of the tests' random cases: printed by each run, and taken to repeat one (`make test SEED=1`).
export SEED ?= $(shell date +%j%H%M%S)
SEED := $(SEED)

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
# All cores at once, unless the caller says otherwise (-j1). What runs side by side prints whole commands, one after another;
# what talks to a person (demo, bench, setup) prints as it goes.
CORES := $(shell getconf _NPROCESSORS_ONLN)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=$(CORES)
ifneq ($(filter check% test% native-test goldens,$(MAKECMDGOALS)),)
MAKEFLAGS += --output-sync=line
endif
endif
.DELETE_ON_ERROR:
FORCE:

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# ---- The C core: three builds by one rule, which differ in compiler and flags only

# sources FOLDER…: the C files in these folders of c/
sources   = $(wildcard $(patsubst %,c/%/*.c,$(1)))
CORE      := $(call sources,runtime encodings kernels layers encoders vision audio)
REFERENCE := $(call sources,reference)
TESTS     := $(wildcard tests/native/test_*.c)
PROGRAMS  := $(TESTS:tests/native/%.c=build/native/%)
HELPERS   := $(filter-out $(TESTS),$(wildcard tests/native/*.c))
REPLAY    := build/replay/encodings.c
HEADERS   := $(wildcard c/*.h c/*/*.h tests/native/*.h)

# Bulk memory and saturating conversions are in every engine that has SIMD. No fast-math: errno is all that is given up.
CFLAGS        := -std=c11 -Wall -Wextra -Wshadow -Wconversion -Wvla -Werror -ffp-contract=off -fno-math-errno -Ic
FLAGS_base    := -O3 -DNDEBUG -msimd128 -mbulk-memory -mnontrapping-fptoint -matomics
FLAGS_relaxed := $(FLAGS_base) -mrelaxed-simd
FLAGS_native  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
# Every loop on three threads, however short.
FLAGS_threads := -O1 -g -fno-omit-frame-pointer -fsanitize=thread -DWF_TEST_THREADS=3 -DWF_SHARED_LEAST=1 -DWF_TAKEN_LEAST=1
# The module imports its memory and nothing else. The stack comes first, so that an overflow traps.
LINK := -O2 --no-entry -sIMPORTED_MEMORY=1 -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=1MB -sMAXIMUM_MEMORY=4GB \
  -sSTACK_SIZE=64KB -Wl,--stack-first,--export=__stack_pointer,--export=__heap_base

WASM_BUILDS := base relaxed
# What takes no time in a forward is compiled for its size.
SMALL         := $(patsubst %,c/encoders/%.c,attend derive description frames plan slots states stems trace) c/vision/% c/audio/%
SMALL_base    := -Os
SMALL_relaxed := -Os

# compile BUILD COMPILER PREREQUISITE: how the objects of a build come from C
define compile
build/$(1)/%.o: %.c Makefile $(3)
	@mkdir -p $$(@D)
	@echo "  $(1): $$<"
	@$(2) $$(CFLAGS) $$(FLAGS_$(1)) $$(if $$(filter $$(SMALL),$$<),$$(SMALL_$(1))) -MMD -MP -c $$< -o $$@
-include $$(patsubst %.c,build/$(1)/%.d,$$(CORE) $$(REFERENCE) $$(TESTS) $$(HELPERS) $$(REPLAY))
endef
$(foreach build,$(WASM_BUILDS),$(eval $(call compile,$(build),$(EMCC),$(EMCC))))
$(eval $(call compile,native,$(CLANG),| clang))
$(eval $(call compile,threads,$(CLANG),| clang))

# link BUILD: emcc writes a JavaScript file beside the module; only the module is kept
define link
web/wasm/wasmformer-$(1).wasm: $$(patsubst %.c,build/$(1)/%.o,$$(CORE))
	@mkdir -p $$(@D)
	@$$(EMCC) $$(FLAGS_$(1)) $$(LINK) $$^ -o build/$(1)/wasmformer.mjs
	@mv build/$(1)/wasmformer.wasm $$@
	@echo "$$@: $$$$(wc -c < $$@) bytes"
endef
$(foreach build,$(WASM_BUILDS),$(eval $(call link,$(build))))

OBJECTS := $(patsubst %.c,build/native/%.o,$(CORE) $(REFERENCE) $(HELPERS))
$(PROGRAMS): build/native/%: build/native/tests/native/%.o $(OBJECTS)
	@$(CLANG) $(FLAGS_native) $^ -lm -o $@

# Encoders under ThreadSanitizer.
THREADED := $(patsubst tests/native/%.c,build/threads/%,$(wildcard tests/native/test_encoder*.c))
$(THREADED): build/threads/%: build/threads/tests/native/%.o $(patsubst %.c,build/threads/%.o,$(CORE) $(REFERENCE) $(HELPERS))
	@$(CLANG) $(FLAGS_threads) $^ -lm -lpthread -o $@

# The encodings' goldens as calls of the core, recorded in WebAssembly and replayed under the sanitizers.
$(REPLAY): $(wildcard tests/native/record.js tests/goldens/*.js tests/goldens/*/*.js bindings/core/*.js bindings/encodings/*.js) \
  c/wasmformer.h tests/goldens/data/encodings/index.json web/wasm/wasmformer-base.wasm $(NPM)
	@mkdir -p $(@D)
	@node tests/native/record.js $@
build/native/replay_encodings: build/native/$(REPLAY:.c=.o) $(OBJECTS)
	@$(CLANG) $(FLAGS_native) $^ -lm -o $@

.PHONY: toolchain core joined build native native-test
toolchain: $(EMCC) ## an emcc of 3.1.61 or newer: PATH's, or one fetched into .toolchain
core: $(WASM_BUILDS:%=web/wasm/wasmformer-%.wasm) ## the WebAssembly modules in web/wasm
build: core types joined ## everything that the npm package holds
joined: dist/cli.js ## the entries of the package in dist: what they import joined into few files, for Node and for pages
native: $(PROGRAMS) build/native/replay_encodings ## the same C for this machine, with sanitizers

# What the npm package holds: the entries in dist, which share their files, and the single files of `wasmformer/inline`.
dist/cli.js: $(NPM) Makefile package.json tests/setup/join.js $(WASM_BUILDS:%=web/wasm/wasmformer-%.wasm) $(shell find bindings web -name '*.js')
	@node tests/setup/join.js
	@touch $@

NATIVE_RUNS := $(PROGRAMS:build/native/%=run-%) run-replay_encodings
.PHONY: $(NATIVE_RUNS)
$(NATIVE_RUNS): run-%: build/native/%
	@echo "== $<"; $<

native-test: $(NATIVE_RUNS) ## kernel and encoding tests under ASan and UBSan

THREAD_RUNS := $(THREADED:build/threads/%=run-threads-%)
.PHONY: $(THREAD_RUNS) thread-test
$(THREAD_RUNS): run-threads-%: build/threads/%
	@echo "== $<"; TSAN_OPTIONS=halt_on_error=1 $<
thread-test: $(THREAD_RUNS) ## encoders on three threads under ThreadSanitizer

# ---- What is fetched

# Asked every time (0.2 s), rewritten only when another emcc is to be used; then the objects are made anew.
$(EMCC): FORCE
	@c/get-emscripten.sh .toolchain/emscripten

$(NPM): package-lock.json
	@node -e 'if (parseInt(process.versions.node) < 20) throw new Error("Node 20 or newer is needed; PATH has " + process.version)'
	@echo "npm ci: JavaScript packages (about 300 MB with those of the tests and the benchmark)"
	@npm ci --no-audit --no-fund
	@touch $@

$(VENV): tests/setup/requirements.txt
	@echo "Python packages of the tests: .cache/venv"
	@python3 -c 'import ensurepip' 2>/dev/null || tests/setup/apt.sh python3 python3-venv
	@python3 -m venv .cache/venv
	@$(PYTHON) -m pip install --disable-pip-version-check -r $<
	@touch $@

# A Python with PyTorch, for test-all alone; TORCH=… names one that there is. PyPI's wheel for Linux on x86-64 is the CUDA build:
# without NVIDIA's packages (3 GB) even its import fails, so --no-deps saves nothing but Triton (1 GB). On other systems PyPI's
# wheels are for the CPU, as are those of PyTorch's own index, which PIP_INDEX_URL may name.
TORCH ?= .cache/torch/bin/python
WITH_TORCH := $(if $(filter .cache/torch/%,$(TORCH)),.cache/torch/.stamp,$(TORCH))
.cache/torch/.stamp: tests/setup/torch.txt
	@echo "PyTorch: .cache/torch (about 5 GB on Linux)"
	@python3 -m venv .cache/torch
	@.cache/torch/bin/pip install --disable-pip-version-check -r $<
	@touch $@

$(WEIGHTS): | $(VENV)
	@tests/setup/minilm.sh $(PYTHON) .cache/minilm

$(PICTURE): $(wildcard demo/models/photo/*) | $(VENV)
	@echo "DINOv2 and the page's photograph: fetching them into .cache/photo (104 MB)"
	@$(PYTHON) demo/models/photo/photo.py .cache/photo

$(NODE24):
	@echo "Node 24 from npm: .cache/node24 (about 120 MB)"
	@npm install --prefix .cache/node24 --ignore-scripts=false --no-audit --no-fund node@24

$(ENGINES_STAMP): tests/setup/engines/package.json
	@echo "Node 20, 22 and 26, Deno, Bun and miniflare from npm: .cache/engines (about 900 MB)"
	@mkdir -p $(@D) && cp $< $(@D)
	@npm install --prefix $(@D) --ignore-scripts=false --no-audit --no-fund --loglevel=error
	@touch $@

$(BUNDLERS_STAMP): tests/setup/bundlers/package.json
	@echo "Vite, webpack, Rollup, Rolldown, esbuild, Parcel and Next.js from npm: .cache/bundlers (about 600 MB)"
	@mkdir -p $(@D) && cp $< $(@D)
	@npm install --prefix $(@D) --no-audit --no-fund --loglevel=error
	@touch $@

$(BROWSERS): FORCE
	@tests/setup/browser.sh $@

.PHONY: clang clang-tools setup
clang:
	@tests/setup/apt.sh $(CLANG) clang-19 libclang-rt-19-dev
clang-tools: clang
	@tests/setup/apt.sh $(CLANG_FORMAT) clang-format-19
	@tests/setup/apt.sh $(CLANG_TIDY) clang-tidy-19
setup: $(EMCC) $(NPM) $(VENV) $(WEIGHTS) $(PICTURE) $(NODE24) $(ENGINES_STAMP) $(BROWSERS) clang-tools ## fetch all that the targets need

# ---- Using and testing it

JS_TESTS   = $(sort $(shell find tests -name '*.test.js' -not -path 'tests/goldens/data/*' -not -path 'tests/bundlers/*'))
# What drives other engines is the same under an older Node.
NODE20_TESTS = $(filter-out tests/package/engines.test.js tests/package/hosts.test.js tests/browser/%,$(JS_TESTS))
NODE_TEST := node --import ./tests/setup/fast-check.js --test --test-concurrency=$(CORES) --test-reporter=spec \
  --test-timeout=300000

.PHONY: demo site docs test test-js test-node20 test-all goldens soak bench profile
demo: site ## build, then serve the demo page at the address printed
	@node demo/serve.js

site: $(NPM) $(WEIGHTS) $(PICTURE) core ## the demo page in build/site, for any static host
	@node demo/site/build.js

docs: $(NPM) core ## the documentation in build/docs: guides, the API, a page for each position encoding
	@npm run --silent docs

test: native-test test-js goldens ## build and run the tests

test-js: $(NPM) $(WEIGHTS) $(NODE24) $(ENGINES_STAMP) $(BROWSERS) build site
	@echo "== JavaScript tests on Node 24; make test SEED=$(SEED) repeats their random cases"
	@$(ON_NODE24) $(NODE_TEST) $(JS_TESTS)

goldens: $(NPM) $(WEIGHTS) $(NODE24) core ## the reference outputs, on Node 24 and on PATH's Node if that is another
	@echo "== goldens on Node 24"; $(ON_NODE24) node tests/goldens/run.js
	@[ "$$(node --version)" = "$$($(NODE24) --version)" ] || { \
	  echo "== goldens on the Node of PATH ($$(node --version))"; node tests/goldens/run.js; }

test-node20: $(NPM) $(WEIGHTS) $(ENGINES_STAMP) $(BROWSERS) build site ## the JavaScript tests on the Node of PATH
	@echo "== JavaScript tests on $$(node --version)"
	@$(NODE_TEST) $(NODE20_TESTS)

# Older Nodes need a flag for the relaxed build, which newer ones refuse.
test-all: test thread-test $(VENV) $(WITH_TORCH) $(BUNDLERS_STAMP) ## all tests, on both Nodes and in every build, the demo's code in PyTorch too
	@echo "== tokenizers against the Rust ones, 100,000 records a part, SEED=$(SEED)"
	@$(ON_NODE24) REFERENCES=100000 node --test --test-reporter=spec tests/text/references.test.js
	@echo "== bundlers"; $(ON_NODE24) node --test --test-reporter=spec tests/bundlers/*.test.js
	@echo "== the demo's code in NumPy and PyTorch"
	@$(ON_NODE24) TORCH="$(abspath $(TORCH))" node --test --test-reporter=spec tests/code/programs.test.js
	@echo "== JavaScript tests on $$(node --version)"; $(NODE_TEST) $(NODE20_TESTS)
	@echo "== goldens, base, Node 24"; $(ON_NODE24) WASMFORMER_BUILD=base node tests/goldens/run.js
	@flag=--experimental-wasm-relaxed-simd; node $$flag -e 0 2>/dev/null || flag=; \
	for build in $(WASM_BUILDS); do \
	  echo "== goldens, $$build, $$(node --version)"; WASMFORMER_BUILD=$$build node $$flag tests/goldens/run.js || exit 1; \
	done
	@echo "== goldens, wide, Node 24"; $(ON_NODE24) WASMFORMER_BUILD=wide node tests/goldens/run.js

soak: $(NPM) $(WEIGHTS) $(NODE24) core ## whether memory stays over 10,000 forwards and many loads (some minutes)
	@$(ON_NODE24) node --expose-gc tests/soak/memory.js

build/profile/wasmformer.wasm: $(patsubst %.c,build/relaxed/%.o,$(CORE))
	@mkdir -p $(@D)
	@$(EMCC) $(FLAGS_relaxed) $(LINK) --profiling-funcs $^ -o $(@:.wasm=.mjs)

profile: $(NPM) $(WEIGHTS) $(VENV) $(NODE24) build/profile/wasmformer.wasm build/bench/probes.wasm ## where the time of a forward goes, by kernel and layer; ARGS='"swin-t 1"' for another workload
	@$(ON_NODE24) node tests/bench/profile.js $(ARGS)

build/bench/probes.wasm: tests/bench/probes.c Makefile $(EMCC)
	@mkdir -p $(@D)
	@$(EMCC) -std=c11 -O3 -Wall -Wextra -Werror -msimd128 -mrelaxed-simd -sSTANDALONE_WASM --no-entry $< -o $@

bench: $(NPM) $(WEIGHTS) $(VENV) $(NODE24) .cache/chromium build/bench/probes.wasm joined site ## this library and onnxruntime-web side by side, and the page; ARGS='--json FILE --only PATTERN'
	@$(ON_NODE24) npm run --silent bench -- $(ARGS)

# ---- Checking it

TIDY := $(patsubst %.c,build/lint/%.ok,$(CORE) $(REFERENCE) $(TESTS) $(HELPERS) $(REPLAY))

.PHONY: check check-format check-tidy check-types check-biome check-structure format types clean
check: check-format check-tidy check-types check-biome check-structure ## formatters, linters, types, import directions, the package
	@echo "check: all is well"

check-format: clang-tools
	@echo "clang-format"
	@$(CLANG_FORMAT) --dry-run -Werror $(CORE) $(REFERENCE) $(TESTS) $(HELPERS) $(HEADERS) tests/bench/probes.c

check-tidy: $(TIDY)
build/lint/%.ok: %.c .clang-tidy | clang-tools
	@mkdir -p $(@D)
	@echo "  clang-tidy: $<"
	@$(CLANG) $(CFLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	@$(CLANG_TIDY) --quiet $< -- $(CFLAGS) 2>/dev/null
	@touch $@
-include $(TIDY:.ok=.d)

check-types: $(NPM)
	@echo "tsc"
	@node_modules/.bin/tsc -p .

check-biome: $(NPM)
	@echo "biome"
	@node_modules/.bin/biome ci --colors=off --error-on-warnings .

check-structure: $(NPM) build
	@echo "structure"
	@$(NODE_TEST) $(wildcard tests/structure/*.test.js)

format: $(NPM) clang-tools ## format C and JavaScript in place
	@$(CLANG_FORMAT) -i $(CORE) $(REFERENCE) $(TESTS) $(HELPERS) $(HEADERS) tests/bench/probes.c
	@node_modules/.bin/biome check --colors=off --write .

types: types/web/index.d.ts ## the package's TypeScript declarations, from the JSDoc comments
types/web/index.d.ts: $(NPM) tsconfig.json tsconfig.types.json demo/docs/declarations.js $(shell find bindings web -name "*.js")
	@echo "types"
	@rm -rf types
	@node_modules/.bin/tsc -p tsconfig.types.json
	@node demo/docs/declarations.js types
	@touch $@

clean: ## remove what was built (what was fetched stays; for that remove .toolchain .cache node_modules)
	rm -rf build types dist web/wasm
