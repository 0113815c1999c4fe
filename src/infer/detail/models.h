// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of models behind TextModel, one file each.
#pragma once

#include <memory>

#include "infer/text_model.h"

namespace lathe::infer {

Result<std::unique_ptr<TextModel>> loadNgramModel(ModelInfo info);
Result<std::unique_ptr<TextModel>> loadEncoderModel(ModelInfo info, const LoadOptions& options);
Result<std::unique_ptr<TextModel>> loadDecoderModel(ModelInfo info, const LoadOptions& options);
Result<std::unique_ptr<TextModel>> loadSeq2SeqModel(ModelInfo info, const LoadOptions& options);
Result<std::unique_ptr<TextModel>> loadEnsemble(ModelInfo info, const LoadOptions& options);
/// What inspectModel says of a folder with an ensemble.json.
Result<ModelInfo> inspectEnsemble(const std::filesystem::path& folder);

/// What a classifier says when asked to write.
class ClassifierBase : public TextModel {
public:
    explicit ClassifierBase(ModelInfo info) : m_info(std::move(info)) {}
    const ModelInfo& info() const override { return m_info; }
    Result<Generation> generate(const std::string&, const GenerateOptions&, JobContext&, const TextSink&) override {
        return refuse();
    }
    Result<Generation> chat(std::span<const Message>, const GenerateOptions&, JobContext&, const TextSink&) override {
        return refuse();
    }
    Result<Generation> generateIds(std::span<const std::int32_t>, const GenerateOptions&, JobContext&,
                                   const TextSink&) override {
        return refuse();
    }
    Result<std::vector<Generation>> generateBatch(std::span<const std::string>, const GenerateOptions&,
                                                  JobContext&) override {
        return fail(refuse().error());
    }
    Result<std::vector<Generation>> generateIdsBatch(std::span<const std::vector<std::int32_t>>, const GenerateOptions&,
                                                     JobContext&) override {
        return fail(refuse().error());
    }

protected:
    ModelInfo m_info;

private:
    Result<Generation> refuse() const {
        return fail(ErrorCode::Unsupported,
                    "\"" + m_info.name + "\" is a classifier and writes no text; choose a generating model");
    }
};

}  // namespace lathe::infer
