// The plugin `io`.
#include "console.hpp"
#include "file.hpp"
#include "file_sink.hpp"
#include "null.hpp"

SAGE_PLUGIN("io", "1.0.0", "Sources and sinks",
            sage::operator_of<sage::io::Console>("console", "Prints records to standard output")
                .doc(sage::io::Console::kDoc)
                .traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<sage::io::File>("file", "Reads files, directories and patterns")
                .doc(sage::io::File::kDoc),
            sage::operator_of<sage::io::FileSink>("file_sink", "Writes records to files")
                .doc(sage::io::FileSink::kDoc)
                .traits(SAGE_TRAIT_MAY_BLOCK),
            sage::operator_of<sage::io::Null>("null", "Drops records").doc(sage::io::Null::kDoc));
