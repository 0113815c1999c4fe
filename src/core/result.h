// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Result<T>: what every fallible engine function returns. Exceptions are for bugs.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace lathe {

enum class ErrorCode {
    Canceled,
    InvalidInput,
    NotFound,
    Io,
    Parse,
    Unsupported,
    OutOfMemory,
    Diverged,
    Busy,
    Internal
};

/// The code's name as the command line and the log print it ("invalid input", "out of memory", ...).
const char* errorCodeName(ErrorCode code);

/// What went wrong. `message` is one line in the user's terms: what, where, what to do.
/// `detail` is for the log and the "Details" button and may be long.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string detail;
};

/// A value or an Error. Must be looked at.
template <class T = void>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using Base = tl::expected<T, Error>;
    using Base::Base;
};

/// `return fail(ErrorCode::Io, "...")` from any function that returns a Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string detail = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}
inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace lathe

#define LATHE_CONCAT_(a, b) a##b
#define LATHE_CONCAT(a, b) LATHE_CONCAT_(a, b)

/// LATHE_TRY(auto file, openFile(path)); -- declares `file` or returns the error from the enclosing function.
#define LATHE_TRY(declaration, expression)                                              \
    auto LATHE_CONCAT(lathe_result_, __LINE__) = (expression);                          \
    if (!LATHE_CONCAT(lathe_result_, __LINE__))                                         \
        return ::lathe::fail(std::move(LATHE_CONCAT(lathe_result_, __LINE__).error())); \
    declaration = std::move(*LATHE_CONCAT(lathe_result_, __LINE__))

/// LATHE_CHECK(writeFile(...)); -- returns the error of a Result<> from the enclosing function.
#define LATHE_CHECK(expression)                                    \
    do {                                                           \
        if (auto lathe_check_ = (expression); !lathe_check_)       \
            return ::lathe::fail(std::move(lathe_check_.error())); \
    } while (false)
