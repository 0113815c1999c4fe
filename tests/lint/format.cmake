# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DROOT=... -DCLANG_FORMAT=... -P format.cmake: fails when a source is not laid out as .clang-format says.
file(GLOB_RECURSE sources ${ROOT}/src/*.cpp ${ROOT}/src/*.h ${ROOT}/tests/*.cpp ${ROOT}/tests/*.h)
# The lint's own samples break rules on purpose.
list(FILTER sources EXCLUDE REGEX "/tests/lint/")
execute_process(COMMAND ${CLANG_FORMAT} --dry-run -Werror ${sources} RESULT_VARIABLE result ERROR_VARIABLE said)
list(LENGTH sources count)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${said}")
endif()
message(STATUS "${count} sources, all formatted")
