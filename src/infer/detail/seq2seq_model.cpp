// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder-decoder as a TextModel: it reads a text and writes another, a translation or a summary.
#include <fmt/format.h>

#include "infer/detail/generator_parts.h"
#include "infer/detail/models.h"
#include "nn/network.h"
#include "text/tokenizer.h"

namespace lathe::infer {

namespace {

using Ids = TextWriter::Ids;

class Seq2SeqModel : public GeneratorBase {
public:
    using GeneratorBase::GeneratorBase;

    Result<Generation> generate(const std::string& prompt, const GenerateOptions& options, JobContext& context,
                                const TextSink& onText) override {
        LATHE_CHECK(needTokenizer());
        return generateIds(m_tokenizer->encode(prompt, true).ids, options, context, onText);
    }

    Result<Generation> chat(std::span<const Message>, const GenerateOptions&, JobContext&, const TextSink&) override {
        return fail(ErrorCode::Unsupported,
                    fmt::format("\"{}\" is {}; give it the text to rewrite as a prompt", m_info.name, m_info.note));
    }

    Result<Generation> generateIds(std::span<const std::int32_t> ids, const GenerateOptions& options,
                                   JobContext& context, const TextSink& onText) override {
        LATHE_TRY(const TextWriter::Request request, requestOf(options));
        return m_writer.write(Ids(ids.begin(), ids.end()), request, context, onText);
    }

    Result<std::vector<Generation>> generateBatch(std::span<const std::string> prompts, const GenerateOptions& options,
                                                  JobContext& context) override {
        LATHE_CHECK(needTokenizer());
        std::vector<Ids> ids;
        for (const std::string& prompt : prompts)
            ids.push_back(m_tokenizer->encode(prompt, true).ids);
        return generateIdsBatch(ids, options, context);
    }

    Result<std::vector<Generation>> generateIdsBatch(std::span<const Ids> prompts, const GenerateOptions& options,
                                                     JobContext& context) override {
        LATHE_TRY(const TextWriter::Request request, requestOf(options));
        return m_writer.writeAll(prompts, request, context);
    }

private:
    Result<TextWriter::Request> requestOf(const GenerateOptions& options) const {
        TextWriter::Request request;
        LATHE_TRY(request.settings, m_defaults.settings(options));
        request.stops = options.stop;
        SearchSettings& settings = request.settings;
        settings.ends = m_defaults.endsOr(m_network->config().raw);
        if (settings.decoderStart < 0)
            settings.decoderStart = static_cast<std::int32_t>(m_network->config().decoderStartId);
        if (settings.decoderStart < 0 || settings.decoderStart >= m_network->config().vocabSize)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{}: neither generation_config.json nor config.json gives a decoder_start_token_id "
                                    "of the vocabulary, so the decoder has nothing to begin with",
                                    m_info.folder.string()));
        return request;
    }
};

}  // namespace

Result<std::unique_ptr<TextModel>> loadSeq2SeqModel(ModelInfo info, const LoadOptions& options) {
    LATHE_TRY(auto parts, loadGenerator(info, options));
    return std::make_unique<Seq2SeqModel>(std::move(info), std::move(parts));
}

}  // namespace lathe::infer
