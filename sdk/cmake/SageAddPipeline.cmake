# sage_add_pipeline(<name> <source>... [LIBS <target>...])
#
# Makes the library lib<name>.so of a program with SAGE_PIPELINE, and beside it the launcher <name>,
# which hands it to `sage run`, or to `sage job submit` with --cluster or if the program is
# configured as distributed. The id of the library is its name in lower case.

set(SAGE_PIPELINE_LAUNCHER ${CMAKE_CURRENT_LIST_DIR}/launcher.cpp CACHE INTERNAL "")

function(sage_add_pipeline name)
  sage_add_plugin(${name} ${ARGN})
  string(TOLOWER ${name} id)
  if(NOT id MATCHES "^[a-z0-9][a-z0-9_-]*$")
    message(FATAL_ERROR "sage_add_pipeline(${name}): a name has letters, digits, _ and -")
  endif()
  target_compile_definitions(${name} PRIVATE SAGE_PIPELINE_ID="${id}")
  set_target_properties(${name} PROPERTIES
    PREFIX lib LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  add_executable(${name}-launcher ${SAGE_PIPELINE_LAUNCHER})
  target_link_libraries(${name}-launcher PRIVATE sage::sdk ${CMAKE_DL_LIBS})
  set_target_properties(${name}-launcher PROPERTIES
    OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  add_dependencies(${name}-launcher ${name})
endfunction()
