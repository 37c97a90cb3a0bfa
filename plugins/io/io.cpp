// The plugin `io`.
#include "file.hpp"

SAGE_PLUGIN("io", "1.0.0", "Sources and sinks",
            sage::operator_of<sage::io::File>("file", "Reads files, directories and patterns")
                .doc(sage::io::File::kDoc));
