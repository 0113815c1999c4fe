// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of the older tokenizer files: config.json, tokenizer_config.json, special_tokens_map.json,
// added_tokens.json, then vocab.json, merges.txt and vocab.txt, or tokenizer.model; NUL bytes part them in the input.
#include <array>
#include <string_view>

#include "text/tokenizer_files.h"
#include "use_tokenizer.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::array kNames{"config.json",
                                "tokenizer_config.json",
                                "special_tokens_map.json",
                                "added_tokens.json",
                                "vocab.json",
                                "merges.txt",
                                "vocab.txt",
                                "tokenizer.model"};
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::vector<std::pair<std::string, std::string>> files;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        // The model may have NUL bytes in it: it is what remains.
        const std::size_t end = i + 1 < kNames.size() ? std::min(rest.find('\0'), rest.size()) : rest.size();
        if (end > 0)
            files.emplace_back(kNames[i], rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    const auto tokenizer = text::tokenizerFromFiles(text::TokenizerFiles::inMemory("fuzz", std::move(files)));
    if (tokenizer)
        fuzz::useTokenizer(**tokenizer, "The card,  isn't here: 信用卡 <s>[SEP]<mask> \xFF 😁 e\u0301 <extra_id_0>");
    else
        fuzz::require(!tokenizer.error().message.empty());
    return 0;
}
