// The plugin `io`.
#include "console.hpp"
#include "file.hpp"
#include "file_sink.hpp"
#include "generator.hpp"
#include "null.hpp"
#include "stdin.hpp"

SAGE_PLUGIN("io", "1.0.0", "Sources and sinks",
            sage::operator_of<sage::io::Console>("console", "Prints records to standard output")
                .doc(sage::io::Console::kDoc)
                .traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<sage::io::File>("file", "Reads files, directories and patterns")
                .doc(sage::io::File::kDoc),
            sage::operator_of<sage::io::FileSink>("file_sink", "Writes records to files")
                .doc(sage::io::FileSink::kDoc)
                .traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<sage::io::Generator>("generator", "Makes records from a seed")
                .doc(sage::io::Generator::kDoc),
            sage::operator_of<sage::io::Null>("null", "Drops records").doc(sage::io::Null::kDoc),
            sage::operator_of<sage::io::Stdin>("stdin", "Reads the lines of standard input")
                .doc(sage::io::Stdin::kDoc));
