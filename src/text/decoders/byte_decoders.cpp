// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ByteLevel and ByteFallback: tokens that spell bytes, as the characters that the bytes are.
#include <charconv>

#include "core/utf8.h"
#include "text/byte_alphabet.h"
#include "text/decoders/decoder.h"
#include "text/unicode/lossy_utf8.h"

namespace lathe::text::decoders {
namespace {

class ByteLevelDecoder final : public Decoder {
public:
    void decode(std::vector<std::string>& tokens) const override {
        std::string bytes;
        for (const std::string& token : tokens) {
            const std::size_t before = bytes.size();
            for (std::size_t pos = 0; pos < token.size();) {
                const int byte = characterByte(nextCodePoint(token, pos));
                if (byte < 0) {  // not written in the alphabet: an added token, which is taken as it is
                    bytes.resize(before);
                    bytes += token;
                    break;
                }
                bytes.push_back(static_cast<char>(byte));
            }
        }
        tokens = {lossyUtf8(bytes)};
    }
};

class ByteFallbackDecoder final : public Decoder {
public:
    void decode(std::vector<std::string>& tokens) const override {
        std::vector<std::string> out;
        out.reserve(tokens.size());
        std::string bytes;
        const auto flush = [&] {
            if (firstInvalidUtf8(bytes) == std::string::npos) {
                if (!bytes.empty())
                    out.push_back(bytes);
            } else {
                out.insert(out.end(), bytes.size(), "\uFFFD");
            }
            bytes.clear();
        };
        for (std::string& token : tokens) {
            if (const int byte = byteOf(token); byte >= 0) {
                bytes.push_back(static_cast<char>(byte));
                continue;
            }
            flush();
            out.push_back(std::move(token));
        }
        flush();
        tokens.swap(out);
    }

private:
    static int byteOf(std::string_view token) {  // of <0x4F>
        if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>')
            return -1;
        int byte = -1;
        const char* const end = token.data() + 5;
        const auto parsed = std::from_chars(token.data() + 3, end, byte, 16);
        return parsed.ec == std::errc() && parsed.ptr == end && byte >= 0 ? byte : -1;
    }
};

}  // namespace

Result<std::unique_ptr<Decoder>> ByteLevel(const ComponentSource&) {
    return std::make_unique<ByteLevelDecoder>();
}

Result<std::unique_ptr<Decoder>> ByteFallback(const ComponentSource&) {
    return std::make_unique<ByteFallbackDecoder>();
}

}  // namespace lathe::text::decoders
