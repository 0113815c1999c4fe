// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template_verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/files.h"
#include "core/json.h"
#include "core/utf8.h"
#include "text/template/template.h"

namespace lathe::text {
namespace {

constexpr std::size_t kShown = 60;
constexpr std::uintmax_t kMaxTemplateBytes = 4u << 20;

std::string shown(std::string_view text) {
    const std::string_view clipped = clipUtf8(text, kShown);
    return toLine(Json(std::string(clipped))) + (clipped.size() < text.size() ? "..." : "");
}

/// Keys of a case that are not variables of the template.
bool isOwnKey(std::string_view key) {
    static constexpr std::array<std::string_view, 6> kKeys = {"template", "conversation", "text",
                                                              "error",    "messages",     "variables"};
    return std::ranges::find(kKeys, key) != kKeys.end();
}

TemplateVariables variablesOf(const Json& golden, const Json& one) {
    TemplateVariables variables;
    const auto put = [&](const std::string& key, const Json& value) {
        const bool words = key == "messages" || key == "tools" || key == "documents";
        (words ? variables.foreign : variables.own)[key] = value;
    };
    if (golden.contains("variables"))
        for (const auto& [key, value] : golden["variables"].items())
            put(key, value);
    if (one.contains("variables"))
        for (const auto& [key, value] : one["variables"].items())
            put(key, value);
    for (const auto& [key, value] : one.items())
        if (!isOwnKey(key))
            put(key, value);
    put("messages", one.contains("messages")
                        ? one["messages"]
                        : golden.at("conversations").at(one.at("conversation").get<std::string>()));
    return variables;
}

/// How the two differ, in words; "" where they do not.
std::string difference(const Json& one, const Result<RenderedTemplate>& got) {
    if (one.contains("error")) {
        const auto want = one["error"].get<std::string>();
        if (got)
            return fmt::format("wrote {}, expected the error {}", shown(got->text), shown(want));
        return got.error().message == want
                   ? ""
                   : fmt::format("raised {}, expected {}", shown(got.error().message), shown(want));
    }
    const auto want = one.at("text").get<std::string>();
    if (!got)
        return fmt::format("raised {}", shown(got.error().message));
    if (got->text == want)
        return "";
    const auto at = static_cast<std::size_t>(std::ranges::mismatch(got->text, want).in1 - got->text.begin());
    return fmt::format("texts differ at byte {}: {}, expected {}", at,
                       shown(std::string_view(got->text).substr(std::min(at, got->text.size()))),
                       shown(std::string_view(want).substr(std::min(at, want.size()))));
}

class Templates {
public:
    explicit Templates(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Parsed once. \returns nullptr where the folder has no such template.
    Result<const Result<Template>*> get(const std::string& name) {
        if (const auto found = m_parsed.find(name); found != m_parsed.end())
            return &found->second;
        LATHE_TRY(const std::string source,
                  readFile(m_folder / (std::filesystem::path(name).filename().string() + ".jinja"), kMaxTemplateBytes));
        return &m_parsed.emplace(name, Template::parse(source)).first->second;
    }

private:
    std::filesystem::path m_folder;
    std::map<std::string, Result<Template>> m_parsed;
};

Result<VerifyOutcome> compareAll(const Json& golden, const std::filesystem::path& folder) {
    const Json& cases = golden.at("cases");
    if (!cases.is_array() || cases.empty())
        return fail(ErrorCode::Parse, (folder / "golden.json").string() + ": it has no cases");
    Templates templates(folder);
    std::vector<std::string> differences;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const auto name = cases[i].at("template").get<std::string>();
        LATHE_TRY(const auto* parsed, templates.get(name));
        if (!*parsed && parsed->error().code == ErrorCode::Unsupported)
            return VerifyOutcome{VerifyStatus::Unsupported, fmt::format("{}: {}", name, parsed->error().message)};
        const Result<RenderedTemplate> got =
            *parsed ? (*parsed)->render(variablesOf(golden, cases[i])) : fail(parsed->error());
        if (std::string how = difference(cases[i], got); !how.empty())
            differences.push_back(fmt::format("case {} ({}): {}", i, name, how));
    }
    if (differences.empty())
        return VerifyOutcome{VerifyStatus::Ok, fmt::format("{} cases", cases.size())};
    return VerifyOutcome{VerifyStatus::Differs, fmt::format("{} of {} cases differ; first: {}", differences.size(),
                                                            cases.size(), differences.front())};
}

}  // namespace

Result<VerifyOutcome> verifyTemplates(const std::filesystem::path& folder) {
    LATHE_TRY(const Json golden, readJsonFile(folder / "golden.json"));
    try {
        return compareAll(golden, folder);
    } catch (const Json::exception& e) {
        return fail(ErrorCode::Parse,
                    fmt::format("{}: not made as reference results are", (folder / "golden.json").string()), e.what());
    }
}

}  // namespace lathe::text
