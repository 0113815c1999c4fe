// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Force-included where clang compiles what sees libtorch (LatheTorch.cmake). libtorch 1.13 has inline functions over
// std::vector<c10::IValue> before IValue is complete. gcc looks into them at the end; clang does it at once where the
// function may be constexpr, which C++20 made std::vector's members. So libstdc++'s vector is read without that here.
#pragma once

#include <memory>
#include <string>

#if defined(__clang__) && defined(_GLIBCXX_RELEASE)
#pragma push_macro("_GLIBCXX20_CONSTEXPR")
#undef _GLIBCXX20_CONSTEXPR
#define _GLIBCXX20_CONSTEXPR
// was declared as constexpr when the algorithms were read, and so must be another function
#define __fill_a1 __fill_a1_of_bits
#include <bits/stl_vector.h>
#include <bits/stl_bvector.h>
#undef __fill_a1
#include <vector>
#pragma pop_macro("_GLIBCXX20_CONSTEXPR")

namespace std {
/// What std::fill calls for vector<bool>, by the name that it has in object files.
void fillBits(_Bit_iterator first, _Bit_iterator last, const bool& value) __asm__(
    "_ZSt9__fill_a1St13_Bit_iteratorS_RKb");
__attribute__((used)) inline void fillBits(_Bit_iterator first, _Bit_iterator last, const bool& value) {
    __fill_a1_of_bits(first, last, value);
}
}  // namespace std
#endif
