// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// tokenizer.json, with the text to be cut taken from the end of the input.
#include <fuzzer/FuzzedDataProvider.h>

#include "text/tokenizer_files.h"
#include "use_tokenizer.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider provider(data, size);
    const auto textBytes = provider.ConsumeIntegralInRange<std::size_t>(0, 64);
    const std::string json = provider.ConsumeBytesAsString(
        provider.remaining_bytes() > textBytes ? provider.remaining_bytes() - textBytes : provider.remaining_bytes());
    const std::string text = provider.ConsumeRemainingBytesAsString() + " the card  信用卡 <s>[SEP]\xFF 😁 e\u0301";
    const auto tokenizer = text::tokenizerFromFiles(text::TokenizerFiles::inMemory("fuzz", {{"tokenizer.json", json}}));
    if (tokenizer)
        fuzz::useTokenizer(**tokenizer, text);
    else
        fuzz::require(!tokenizer.error().message.empty());
    return 0;
}
