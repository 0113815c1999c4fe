// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/token_verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/json.h"
#include "core/utf8.h"
#include "text/encoding_tools.h"
#include "text/tokenizer.h"

namespace lathe::text {
namespace {

constexpr std::size_t kShown = 60;

std::string shown(std::string_view text) {
    const std::string_view clipped = clipUtf8(text, kShown);
    return Json(std::string(clipped)).dump(-1, ' ', true) + (clipped.size() < text.size() ? "..." : "");
}

/// Where two lists first differ, in words; "" where they do not.
template <class Got, class Want>
std::string firstDifference(const char* what, const Got& got, const Want& want) {
    const std::size_t common = std::min(got.size(), want.size());
    for (std::size_t i = 0; i < common; ++i)
        if (!(got[i] == want[i]))
            return fmt::format("{} differ at position {}", what, i);
    return got.size() == want.size() ? "" : fmt::format("{} {}, expected {}", got.size(), what, want.size());
}

/// Cut and padded as the file asks for: the reference does that by itself.
Encoding asTheFileSays(const Tokenizer& tokenizer, Encoding encoding) {
    // Where special tokens alone are too many the reference fails too: there is no such case.
    if (const auto truncation = tokenizer.truncation(); truncation && !truncate(encoding, *truncation))
        return encoding;
    if (const auto padding = tokenizer.padding())
        pad(std::span(&encoding, 1), *padding);
    return encoding;
}

std::string compareCase(const Tokenizer& tokenizer, const Json& one, bool special) {
    const auto text = one.at("text").get<std::string>();
    const Encoding got = asTheFileSays(tokenizer, tokenizer.encode(text, special, one.contains("offsets")));
    const auto ids = one.at("ids").get<std::vector<TokenId>>();
    if (std::string difference = firstDifference("ids", got.ids, ids); !difference.empty())
        return difference;
    // Of what is cut and padded the ids say all.
    if (one.contains("tokens") && !tokenizer.truncation() && !tokenizer.padding()) {
        const std::vector<std::string> tokens = tokenizer.tokenize(text, special);
        std::string difference = firstDifference("tokens", tokens, one["tokens"].get<std::vector<std::string>>());
        if (!difference.empty())
            return difference;
    }
    if (one.contains("offsets")) {
        std::vector<Offset> want;
        for (const Json& offset : one["offsets"])
            want.push_back({offset.at(0).get<std::int32_t>(), offset.at(1).get<std::int32_t>()});
        if (std::string difference = firstDifference("offsets", got.offsets, want); !difference.empty())
            return difference;
    }
    if (one.contains("decoded")) {
        const std::string decoded = tokenizer.decode(ids, true);
        if (decoded != one["decoded"].get<std::string>())
            return fmt::format("decoded {}, expected {}", shown(decoded), shown(one["decoded"].get<std::string>()));
    }
    return "";
}

std::string comparePair(const Tokenizer& tokenizer, const Json& pair) {
    const Encoding got = asTheFileSays(
        tokenizer, tokenizer.encodePair(pair.at("a").get<std::string>(), pair.at("b").get<std::string>()));
    std::string difference = firstDifference("ids", got.ids, pair.at("ids").get<std::vector<TokenId>>());
    if (difference.empty() && pair.contains("type_ids"))
        difference = firstDifference("type ids", got.typeIds, pair["type_ids"].get<std::vector<std::int32_t>>());
    return difference;
}

std::string compareSpecialTokens(const Tokenizer& tokenizer, const Json& golden) {
    const SpecialTokens special = tokenizer.special();
    const std::pair<const char*, TokenId> expected[] = {
        {"bos", special.bos}, {"eos", special.eos}, {"unk", special.unknown}, {"pad", special.pad}};
    for (const auto& [name, id] : expected)
        if (golden.contains(name) && golden[name].get<TokenId>() != id)
            return fmt::format("{} is {}, expected {}", name, id, golden[name].get<TokenId>());
    if (golden.contains("vocab_size") && golden["vocab_size"].get<std::int32_t>() != tokenizer.vocabSize())
        return fmt::format("{} tokens, expected {}", tokenizer.vocabSize(), golden["vocab_size"].get<std::int32_t>());
    return "";
}

Result<VerifyOutcome> compareAll(const Tokenizer& tokenizer, const Json& golden, const std::string& where) {
    if (!golden.contains("cases") || !golden["cases"].is_array() || golden["cases"].empty())
        return fail(ErrorCode::Parse, where + ": it has no cases");
    const bool special = golden.at("kind").get<std::string>() != "sentencepiece";  // those are without <s> and </s>
    std::vector<std::string> differences;
    if (std::string difference = compareSpecialTokens(tokenizer, golden); !difference.empty())
        differences.push_back(std::move(difference));
    const Json& cases = golden["cases"];
    for (std::size_t i = 0; i < cases.size(); ++i)
        if (std::string difference = compareCase(tokenizer, cases[i], special); !difference.empty())
            differences.push_back(
                fmt::format("case {} {}: {}", i, shown(cases[i]["text"].get<std::string>()), difference));
    if (golden.contains("pair"))
        if (std::string difference = comparePair(tokenizer, golden["pair"]); !difference.empty())
            differences.push_back("pair: " + difference);
    if (differences.empty())
        return VerifyOutcome{VerifyStatus::Ok, fmt::format("{} cases, {} tokens", cases.size(), tokenizer.vocabSize())};
    return VerifyOutcome{VerifyStatus::Differs, fmt::format("{} of {} cases differ; first: {}", differences.size(),
                                                            cases.size(), differences.front())};
}

}  // namespace

Result<VerifyOutcome> verifyTokenizer(const std::filesystem::path& folder) {
    const std::string where = (folder / "golden.json").string();
    LATHE_TRY(const Json golden, readJsonFile(folder / "golden.json"));
    auto tokenizer = loadTokenizer(folder);
    if (!tokenizer && tokenizer.error().code == ErrorCode::Unsupported)
        return VerifyOutcome{VerifyStatus::Unsupported, tokenizer.error().message};
    if (!tokenizer)
        return fail(std::move(tokenizer.error()));
    try {
        return compareAll(**tokenizer, golden, where);
    } catch (const Json::exception& e) {
        return fail(ErrorCode::Parse, fmt::format("{}: not made as reference results are", where), e.what());
    }
}

}  // namespace lathe::text
