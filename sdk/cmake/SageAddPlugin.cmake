# sage_add_plugin(<name> <source>... [LIBS <target>...])
#
# Makes the plugin <name>.so of C or C++ sources: a module with exactly one exported symbol, no
# undefined ones, bound when loaded. Third-party LIBS are private to the plugin.

set(SAGE_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map CACHE INTERNAL "")

function(sage_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 plugin "" "" "LIBS")
  if(NOT plugin_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sage_add_plugin(${name}): needs sources")
  endif()
  add_library(${name} MODULE ${plugin_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE sage::sdk ${plugin_LIBS})
  if(NOT CMAKE_LIBRARY_OUTPUT_DIRECTORY)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX ""
    SUFFIX ".so"
    CXX_VISIBILITY_PRESET hidden
    C_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${SAGE_PLUGIN_VERSION_SCRIPT})
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${SAGE_PLUGIN_VERSION_SCRIPT} -Wl,-z,now -Wl,--build-id=sha1)
  # A sanitizer's runtime comes from the executable, so its symbols stay undefined in a module.
  get_target_property(options ${name} LINK_OPTIONS)
  if(NOT "${options} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}" MATCHES "-fsanitize")
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
