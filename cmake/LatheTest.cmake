# SPDX-License-Identifier: GPL-3.0-or-later
# lathe_add_test(tst_name LABEL unit [TIMEOUT 60] SOURCES a.cpp LIBS lathe::corpus ...): one Qt Test program.
# LABEL: unit, golden, gui, slow, fault. The shared material of the project is found through LATHE_SHARED.

function(lathe_add_test name)
  cmake_parse_arguments(arg "GUI" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE lathe::options Qt6::Core Qt6::Test ${arg_LIBS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE
    QT_NO_KEYWORDS LATHE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" LATHE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
    LATHE_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;LATHE_SHARED=${PROJECT_SOURCE_DIR}/../shared")
endfunction()
