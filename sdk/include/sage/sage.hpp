// All that a program needs to describe a pipeline:
//
//   struct Click { std::string user_id, page; };
//   SAGE_RECORD(Click, user_id, page);
//
//   SAGE_PIPELINE(env) {
//     env.from_source<sage::io::FileSource<Click>>("clicks/")
//        .filter([](const Click& click) { return click.page != "/"; }, {.parallelism = 4})
//        .sink<sage::io::ConsoleSink>();
//   }
//
// In CMake: sage_add_pipeline(app app.cpp); then `sage run ./libapp.so`, or `./app`.
#pragma once

#include "pipeline/library.hpp"
