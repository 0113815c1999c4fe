// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// guardTorch: the one place where torch's exceptions become Errors.
#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/result.h"

namespace lathe::nn {

/// The Error for the exception now being handled; call inside catch. \p what: "training step 12".
Error currentTorchError(std::string_view what);

/// Runs \p function, which returns Result<T> or T; OutOfMemoryError and bad_alloc -> OutOfMemory, c10::Error ->
/// Internal.
template <class F>
auto guardTorch(std::string_view what, F&& function) {
    using R = std::invoke_result_t<F>;
    constexpr bool isResult = requires {
        std::declval<std::add_lvalue_reference_t<R>>().error();
    };
    using Wrapped = typename std::conditional_t<isResult, std::type_identity<R>, std::type_identity<Result<R>>>::type;
    try {
        if constexpr (isResult) {
            return Wrapped(function());
        } else if constexpr (std::is_void_v<R>) {
            function();
            return Wrapped();
        } else {
            return Wrapped(function());
        }
    } catch (...) {
        return Wrapped(fail(currentTorchError(what)));
    }
}

}  // namespace lathe::nn
