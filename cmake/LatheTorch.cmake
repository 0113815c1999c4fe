# SPDX-License-Identifier: GPL-3.0-or-later
# lathe::torch: libtorch wrapped so that its flags reach only the folders that may see tensors.
# Torch's headers are given as SYSTEM. The link is spelled by library name, because torch_cpu's imported target drags
# in every private dependency (OpenCV, protobuf ...), which the dynamic linker finds by itself.

set(_lathe_flags_before "${CMAKE_CXX_FLAGS}")
find_package(Torch REQUIRED)
if(NOT "${CMAKE_CXX_FLAGS}" STREQUAL "${_lathe_flags_before}")
  message(FATAL_ERROR "find_package(Torch) changed CMAKE_CXX_FLAGS to '${CMAKE_CXX_FLAGS}'; they must stay as they were")
endif()
if("${TORCH_CXX_FLAGS}" MATCHES "CXX11_ABI=0")
  message(FATAL_ERROR "This libtorch has the old C++ ABI, which Qt's does not match; take the cxx11-abi build")
endif()
find_package(OpenMP REQUIRED COMPONENTS CXX)
add_library(lathe_torch INTERFACE)
add_library(lathe::torch ALIAS lathe_torch)
target_include_directories(lathe_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(lathe_torch INTERFACE ${TORCH_LIBRARIES} OpenMP::OpenMP_CXX)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND Torch_VERSION VERSION_LESS 2)
  target_compile_options(lathe_torch INTERFACE -include ${CMAKE_CURRENT_LIST_DIR}/clang_libtorch.h)
endif()

# libtorch's GEMMs come from whatever libblas.so.3 the system's alternatives point at. OpenBLAS's OpenMP build shares
# libtorch's thread pool; the pthread build brings a second pool, and a step that mixes GEMMs with other work was measured
# four times slower with it (docs/benchmarks.md). Where both are installed, our programs take the OpenMP build: an rpath
# of the old kind, because it must hold for the libraries of libraries, too.
find_file(LATHE_OPENBLAS_OPENMP libblas.so.3 NO_DEFAULT_PATH
  PATHS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp)
if(LATHE_OPENBLAS_OPENMP)
  get_filename_component(_lathe_blas_folder ${LATHE_OPENBLAS_OPENMP} DIRECTORY)
  target_link_options(lathe_torch INTERFACE -Wl,--disable-new-dtags,-rpath,${_lathe_blas_folder})
else()
  message(WARNING "OpenBLAS's OpenMP build (libopenblas0-openmp) was not found; training may be several times slower")
endif()
