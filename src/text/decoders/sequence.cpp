// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sequence and Fuse: decoders one after the other; all tokens as one.
#include "text/decoders/decoder.h"

namespace lathe::text::decoders {
namespace {

class SequenceDecoder final : public Decoder {
public:
    explicit SequenceDecoder(std::vector<std::unique_ptr<Decoder>> parts) : m_parts(std::move(parts)) {}
    void decode(std::vector<std::string>& tokens) const override {
        for (const auto& part : m_parts)
            part->decode(tokens);
    }

private:
    std::vector<std::unique_ptr<Decoder>> m_parts;
};

class FuseDecoder final : public Decoder {
public:
    void decode(std::vector<std::string>& tokens) const override {
        std::string all;
        for (const std::string& token : tokens)
            all += token;
        tokens = {std::move(all)};
    }
};

}  // namespace

Result<std::unique_ptr<Decoder>> Sequence(const ComponentSource& source) {
    std::vector<std::unique_ptr<Decoder>> parts;
    for (const ComponentJson& json : source.json.at("decoders")) {
        LATHE_TRY(auto part, makeDecoder(json, source.where));
        parts.push_back(std::move(part));
    }
    return std::make_unique<SequenceDecoder>(std::move(parts));
}

Result<std::unique_ptr<Decoder>> Fuse(const ComponentSource&) {
    return std::make_unique<FuseDecoder>();
}

}  // namespace lathe::text::decoders
