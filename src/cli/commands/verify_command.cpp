// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli verify DIR...: compares this build with folders of reference results, one line each.
#include <algorithm>
#include <array>
#include <CLI/CLI.hpp>
#include <new>

#include "cli/command.h"
#include "cli/flags.h"
#include "core/json.h"
#include "core/verify_outcome.h"
#include "infer/checkpoint_verify.h"
#include "infer/text_model.h"
#include "text/template_verify.h"
#include "text/token_verify.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

const char* statusName(VerifyStatus status) {
    static constexpr std::array names = {"ok", "differs", "unsupported"};
    return names[static_cast<std::size_t>(status)];
}

VerifyOutcome differs(std::string message) {
    return {VerifyStatus::Differs, std::move(message)};
}

/// What kind of reference a folder holds decides who compares it.
Result<VerifyOutcome> compare(const fs::path& folder) {
    std::error_code code;
    if (fs::exists(folder / "golden.safetensors", code))
        return infer::verifyCheckpoint(folder);
    LATHE_TRY(const auto golden, readJsonFile(folder / "golden.json"));
    if (!golden.is_object())
        return differs("golden.json holds no JSON object");
    // A tokenizer's folder may have a config.json, too: its model_type says how the older files are read.
    if (golden.contains("cases") && golden.contains("kind"))
        return text::verifyTokenizer(folder);
    if (fs::exists(folder / "config.json", code))
        return infer::verifyCheckpoint(folder);
    for (const char* file : {"tokenizer.json", "tokenizer.model", "vocab.txt", "tokenizer_config.json"}) {
        if (fs::exists(folder / file, code))
            return text::verifyTokenizer(folder);
    }
    if (golden.contains("conversations") || golden.contains("templates"))
        return text::verifyTemplates(folder);
    return VerifyOutcome{VerifyStatus::Unsupported, "neither a checkpoint nor a tokenizer"};
}

/// The folder is named at the line's beginning; its path in front of a file name again would only make the line long.
std::string withoutFolder(std::string message, const fs::path& folder) {
    const std::string prefix = folder.string() + "/";
    for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix))
        message.erase(at, prefix.size());
    return message;
}

/// Whatever happens in one folder, the others are still compared.
VerifyOutcome compareGuarded(const fs::path& folder) {
    try {
        auto outcome = compare(folder);
        if (outcome)
            return *outcome;
        // What this version says it cannot read is not a wrong result.
        if (outcome.error().code == ErrorCode::Unsupported)
            return {VerifyStatus::Unsupported, outcome.error().message};
        return differs(outcome.error().message);
    } catch (const std::bad_alloc&) {
        return differs("out of memory");
    } catch (const std::exception& error) {
        return differs(error.what());
    }
}

class VerifyCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("DIR", m_folders, "folders; every folder at or below them that holds a golden.json is compared")
            ->required();
        m_compute.define(app);
    }

    Result<int> run(Console& console) override {
        // The reference results were made on one thread; sums in another order differ in the last bits.
        infer::setComputeThreads(m_compute.threads > 0 ? m_compute.threads : 1);
        LATHE_TRY(const auto folders, findReferences());
        std::array<std::int64_t, 3> counts = {};
        Json results = Json::array();
        for (const auto& folder : folders) {
            if (console.context().stopRequested())
                return fail(ErrorCode::Canceled,
                            fmt::format("{} of {} folders were compared", results.size(), folders.size()));
            auto outcome = compareGuarded(folder);
            outcome.message = withoutFolder(std::move(outcome.message), folder);
            const std::string name = folder.filename().string();
            ++counts[static_cast<std::size_t>(outcome.status)];
            results.push_back({{"status", statusName(outcome.status)},
                               {"name", name},
                               {"folder", folder.string()},
                               {"message", oneLine(outcome.message)}});
            if (!console.json())
                console.line("{:<11}  {:<36}  {}", statusName(outcome.status), name, oneLine(outcome.message));
        }
        if (console.json())
            console.printJson({{"results", std::move(results)},
                               {"ok", counts[0]},
                               {"differs", counts[1]},
                               {"unsupported", counts[2]}});
        return counts[1] > 0 ? kFailed : kDone;
    }

private:
    Result<std::vector<fs::path>> findReferences() const {
        std::vector<fs::path> found;
        for (const auto& name : m_folders) {
            std::error_code code;
            const fs::path start = fs::weakly_canonical(name, code);
            if (!fs::is_directory(name, code))
                return fail(ErrorCode::NotFound,
                            fmt::format("there is no folder {}; give one with reference results", name));
            const auto before = found.size();
            if (fs::exists(start / "golden.json", code))
                found.push_back(start);
            fs::recursive_directory_iterator it(start, fs::directory_options::skip_permission_denied, code);
            for (; !code && it != fs::recursive_directory_iterator(); it.increment(code)) {
                if (it->path().filename() == "golden.json" && it->path().parent_path() != start)
                    found.push_back(it->path().parent_path());
            }
            if (found.size() == before)
                return fail(ErrorCode::NotFound, fmt::format("no folder at or below {} holds a golden.json", name));
        }
        std::ranges::sort(found);
        const auto twice = std::ranges::unique(found);
        found.erase(twice.begin(), twice.end());
        return found;
    }

    std::vector<std::string> m_folders;
    ComputeFlags m_compute;
};

}  // namespace

CommandEntry verifyCommand() {
    return {.id = "verify", .summary = "compare this build with reference results", .make = [] {
                return std::make_unique<VerifyCommand>();
            }};
}

}  // namespace lathe::cli
