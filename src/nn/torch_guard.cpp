// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Turns the exception in flight into an Error: one short line for the user, the rest for the log.
#include "nn/torch_guard.h"

#include <fmt/format.h>

#include <c10/util/Exception.h>

namespace lathe::nn {

namespace {

std::string firstLine(std::string_view text) {
    return std::string(text.substr(0, text.find('\n')));
}

/// The allocator of the CPU reports exhausted memory as a plain c10::Error, with words of its own on each system.
bool isOutOfMemory(std::string_view text) {
    return text.find("can't allocate memory") != std::string_view::npos ||
           text.find("not enough memory") != std::string_view::npos ||
           text.find("out of memory") != std::string_view::npos;
}

Error outOfMemory(std::string_view what, std::string_view detail) {
    return {ErrorCode::OutOfMemory,
            fmt::format("{}: not enough memory; try a smaller batch size, a shorter maximum length or a smaller model",
                        what),
            std::string(detail)};
}

}  // namespace

Error currentTorchError(std::string_view what) {
    try {
        throw;
    } catch (const c10::OutOfMemoryError& error) {
        return outOfMemory(what, error.what());
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        if (isOutOfMemory(text))
            return outOfMemory(what, error.what());
        return {ErrorCode::Internal, fmt::format("{}: {}", what, firstLine(text)), error.what()};
    } catch (const std::bad_alloc& error) {
        return outOfMemory(what, error.what());
    } catch (const std::exception& error) {
        return {ErrorCode::Internal, fmt::format("{}: {}", what, firstLine(error.what())), error.what()};
    } catch (...) {
        return {ErrorCode::Internal, fmt::format("{}: an unknown exception", what), {}};
    }
}

}  // namespace lathe::nn
