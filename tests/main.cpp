// The only Catch2 main: its implementation takes seconds to compile, so every test program links
// this one.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
