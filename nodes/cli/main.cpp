#include "cli.hpp"

int main(int argc, char** argv) { return sage::cli::main(argc, argv); }
