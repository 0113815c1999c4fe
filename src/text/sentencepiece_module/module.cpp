// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The SentencePiece library behind a C interface, in a module of its own (see module_api.h for why). Everything that
// the library may throw stops here. Knows nothing of the engine.
#include "text/sentencepiece_module/module_api.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct LatheSpModel {
    sentencepiece::SentencePieceProcessor processor;
};

namespace {

using sentencepiece::util::Status;

void report(LatheSpError error, std::string_view message) {
    error.report(error.user, message.data(), message.size());
}

/// Runs \p body, turns a bad status or an exception into a report. \returns 0 on success.
template <class Body>
int32_t guarded(LatheSpError error, const Body& body) noexcept {
    try {
        const Status status = body();
        if (status.ok())
            return 0;
        report(error, status.ToString());
    } catch (const std::exception& e) {
        report(error, e.what());
    } catch (...) {
        report(error, "unknown exception");
    }
    return 1;
}

LatheSpModel* loadModel(const char* bytes, size_t size, LatheSpError error) {
    std::unique_ptr<LatheSpModel> model;
    const int32_t failed = guarded(error, [&] {
        model = std::make_unique<LatheSpModel>();
        return model->processor.LoadFromSerializedProto({bytes, size});
    });
    return failed != 0 ? nullptr : model.release();
}

void unloadModel(LatheSpModel* model) {
    delete model;
}

int32_t pieceCount(const LatheSpModel* model) {
    return model->processor.GetPieceSize();
}

const char* piece(const LatheSpModel* model, int32_t id, size_t* length) {
    const std::string& text = model->processor.IdToPiece(id);
    *length = text.size();
    return text.data();
}

int32_t pieceType(const LatheSpModel* model, int32_t id) {
    const auto& processor = model->processor;
    if (processor.IsUnknown(id))
        return LATHE_SP_UNKNOWN;
    if (processor.IsControl(id))
        return LATHE_SP_CONTROL;
    if (processor.IsByte(id))
        return LATHE_SP_BYTE;
    return processor.IsUnused(id) ? LATHE_SP_UNUSED : LATHE_SP_NORMAL;
}

void specialIds(const LatheSpModel* model, int32_t out[4]) {
    out[0] = model->processor.unk_id();
    out[1] = model->processor.bos_id();
    out[2] = model->processor.eos_id();
    out[3] = model->processor.pad_id();
}

int32_t encodeText(const LatheSpModel* model, const char* text, size_t size,
                   void (*sink)(void*, const LatheSpPiece*, size_t), void* user, LatheSpError error) {
    return guarded(error, [&] {
        sentencepiece::ImmutableSentencePieceText result;
        Status status = model->processor.Encode({text, size}, result.mutable_proto());
        if (!status.ok())
            return status;
        std::vector<LatheSpPiece> pieces;
        pieces.reserve(result.pieces_size());
        for (size_t i = 0; i < result.pieces_size(); ++i) {
            const auto one = result.pieces(static_cast<int>(i));
            pieces.push_back({static_cast<int32_t>(one.id()), one.begin(), one.end()});
        }
        sink(user, pieces.data(), pieces.size());
        return status;
    });
}

int32_t decodeIds(const LatheSpModel* model, const int32_t* ids, size_t count, void (*sink)(void*, const char*, size_t),
                  void* user, LatheSpError error) {
    return guarded(error, [&] {
        std::string text;
        Status status = model->processor.Decode(std::vector<int>(ids, ids + count), &text);
        if (status.ok())
            sink(user, text.data(), text.size());
        return status;
    });
}

/// Hands the engine's texts to the trainer one by one; a stop ends the list with an error.
class Sentences final : public sentencepiece::SentenceIterator {
public:
    explicit Sentences(const LatheSpTraining& training) : m_training(training) { read(); }
    bool done() const override { return m_next >= m_training.count || m_stopped; }
    void Next() override {
        ++m_next;
        read();
    }
    const std::string& value() const override { return m_text; }
    Status status() const override {
        return m_stopped ? Status(sentencepiece::util::StatusCode::kCancelled, "stopped") : Status();
    }

private:
    void read() {
        m_stopped = m_stopped || m_training.stop(m_training.user) != 0;
        if (!done())
            m_text.assign(m_training.texts[m_next], m_training.lengths[m_next]);
    }
    const LatheSpTraining& m_training;
    size_t m_next = 0;
    bool m_stopped = false;
    std::string m_text;
};

int32_t trainModel(const LatheSpTraining* training, void (*sink)(void*, const char*, size_t), void* user,
                   LatheSpError error) {
    return guarded(error, [&] {
        std::unordered_map<std::string, std::string> options;
        for (size_t i = 0; i < training->optionCount; ++i)
            options[training->options[2 * i]] = training->options[2 * i + 1];
        Sentences sentences(*training);
        std::string model;
        Status status = sentencepiece::SentencePieceTrainer::Train(options, &sentences, &model);
        if (status.ok())
            sink(user, model.data(), model.size());
        return status;
    });
}

constexpr LatheSpApi kApi{LATHE_SP_ABI, loadModel,  unloadModel, pieceCount, piece,
                          pieceType,    specialIds, encodeText,  decodeIds,  trainModel};

}  // namespace

extern "C" __attribute__((visibility("default"))) const LatheSpApi* lathe_sentencepiece_api(void) {
    return &kApi;
}
