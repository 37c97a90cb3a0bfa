#pragma once
// The command line: finds the command, reads its flags, runs it. Wrong command lines end with 2 and
// a suggestion; nothing is thrown.

namespace sage::cli {

int main(int argc, char** argv);

}  // namespace sage::cli
