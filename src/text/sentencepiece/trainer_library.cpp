// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/trainer_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

// AddressSanitizer refuses RTLD_DEEPBIND (the module would bypass its malloc). Without it the module's protobuf may
// meet libtorch's, so a sanitized build must not load libtorch and the module into one process; the text tests do not.
#if defined(__SANITIZE_ADDRESS__)
#define LATHE_DEEPBIND 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LATHE_DEEPBIND 0
#endif
#endif
#ifndef LATHE_DEEPBIND
#define LATHE_DEEPBIND RTLD_DEEPBIND
#endif

namespace lathe::text {
namespace {

constexpr const char* kModuleName = "lathe_sentencepiece.so";

std::vector<std::filesystem::path> moduleCandidates() {
    std::vector<std::filesystem::path> candidates;
    std::error_code error;
    const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
        candidates.push_back(executable.parent_path() / kModuleName);
        candidates.push_back(executable.parent_path().parent_path() / "lib" / "lathe" / kModuleName);
    }
    if (const char* folder = std::getenv("LATHE_MODULE_DIR"))
        candidates.push_back(std::filesystem::path(folder) / kModuleName);
    return candidates;
}

Result<const LatheSpApi*> openModule() {
    std::string tried;
    for (const auto& path : moduleCandidates()) {
        std::error_code error;
        if (!std::filesystem::exists(path, error)) {
            tried += fmt::format("{}: not there\n", path.string());
            continue;
        }
        // Never closed: models and their destructors point into it.
        void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | LATHE_DEEPBIND);
        if (handle == nullptr) {
            tried += fmt::format("{}: {}\n", path.string(), dlerror());
            continue;
        }
        const auto entry = reinterpret_cast<LatheSpEntry>(dlsym(handle, LATHE_SP_ENTRY));
        const LatheSpApi* api = entry != nullptr ? entry() : nullptr;
        if (api != nullptr && api->abi == LATHE_SP_ABI)
            return api;
        tried += fmt::format("{}: of another version\n", path.string());
    }
    const std::string first = tried.substr(0, tried.find('\n'));
    return fail(ErrorCode::Unsupported,
                fmt::format("SentencePiece cannot be trained ({}); install lathe_sentencepiece.so beside the "
                            "program or set LATHE_MODULE_DIR",
                            first.empty() ? "no module found" : first),
                tried);
}

struct ErrorText {
    std::string text;
    LatheSpError sink() {
        return {[](void* user, const char* message, size_t length) {
                    static_cast<ErrorText*>(user)->text.assign(message, length);
                },
                this};
    }
};

void appendTo(void* user, const char* bytes, size_t size) {
    static_cast<std::string*>(user)->append(bytes, size);
}

}  // namespace

Result<const LatheSpApi*> sentencePieceModule() {
    static const Result<const LatheSpApi*> module = openModule();
    return module;
}

Result<std::string> runSentencePieceTrainer(std::span<const std::string> texts,
                                            const std::vector<std::pair<std::string, std::string>>& options,
                                            const std::function<bool()>& stop) {
    LATHE_TRY(const LatheSpApi* const api, sentencePieceModule());
    std::vector<const char*> pointers;
    std::vector<size_t> lengths;
    for (const std::string& text : texts) {
        pointers.push_back(text.data());
        lengths.push_back(text.size());
    }
    std::vector<const char*> names;
    for (const auto& [name, value] : options) {
        names.push_back(name.c_str());
        names.push_back(value.c_str());
    }
    LatheSpTraining training{};
    training.texts = pointers.data();
    training.lengths = lengths.data();
    training.count = pointers.size();
    training.options = names.data();
    training.optionCount = options.size();
    training.stop = [](void* user) { return (*static_cast<const std::function<bool()>*>(user))() ? 1 : 0; };
    training.user = const_cast<std::function<bool()>*>(&stop);
    std::string model;
    ErrorText error;
    if (api->train(&training, appendTo, &model, error.sink()) != 0)
        return fail(ErrorCode::InvalidInput, fmt::format("SentencePiece training failed: {}", error.text));
    return model;
}

}  // namespace lathe::text
