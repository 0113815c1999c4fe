// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Training of a SentencePiece vocabulary on a corpus of any size and any script.
// Thread: the caller's waits and listens for a stop; the library works on one of its own.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "core/files.h"
#include "core/json.h"
#include "core/log.h"
#include "core/utf8.h"
#include "text/replace_all.h"
#include "text/sentencepiece/tokenizer_json_export.h"
#include "text/sentencepiece/trainer_library.h"
#include "text/tokenizer.h"

namespace lathe::text {
namespace {

// The library skips longer lines in silence (its max_sentence_length); they are cut instead.
constexpr std::size_t kMaxLineBytes = 4000;
// A vocabulary of some thousand pieces is settled long before this much text; beyond it every k-th line is taken.
constexpr std::size_t kMaxCorpusBytes = 48u << 20;
// The library sums per thread: a fixed number gives the same vocabulary on every machine.
constexpr const char* kTrainerThreads = "4";
constexpr std::int32_t kMetaPieces = 4;
constexpr std::int32_t kBytePieces = 256;
constexpr int kAttempts = 6;
constexpr char32_t kReservedByLibrary = 0x2585;

bool isVisible(char32_t c) {
    const auto category = u_charType(static_cast<UChar32>(c));
    return c != kReplacement && u_isgraph(static_cast<UChar32>(c)) && category != U_FORMAT_CHAR &&
           category != U_NON_SPACING_MARK && category != U_ENCLOSING_MARK && category != U_PRIVATE_USE_CHAR &&
           category != U_UNASSIGNED;
}

/// Lines that the library takes: no control characters, no control tokens spelled out, nothing empty, nothing too long.
class Corpus {
public:
    explicit Corpus(std::vector<std::string> reserved) : m_reserved(std::move(reserved)) {}

    void add(std::string_view text) {
        std::string line;
        for (std::size_t pos = 0; pos < text.size();) {
            const char32_t c = nextCodePoint(text, pos);
            if (c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029) {
                flush(line);
                continue;
            }
            appendUtf8(line, c < 0x20 || c == 0x7F || c == kReservedByLibrary ? U' ' : c);
            const bool boundary = c == ' ' || c == 0x3002 || c == 0xFF0C;
            if (line.size() >= kMaxLineBytes || (boundary && line.size() >= kMaxLineBytes / 2))
                flush(line);
        }
        flush(line);
    }
    std::vector<std::string> take() && {
        if (m_bytes <= kMaxCorpusBytes)
            return std::move(m_lines);
        // Every k-th line, evenly over the whole corpus.
        const double share = static_cast<double>(kMaxCorpusBytes) / static_cast<double>(m_bytes);
        std::vector<std::string> sample;
        double due = 0;
        for (std::string& line : m_lines) {
            due += share;
            if (due < 1)
                continue;
            due -= 1;
            sample.push_back(std::move(line));
        }
        return sample;
    }

private:
    void flush(std::string& line) {
        for (const std::string& token : m_reserved)
            if (line.find(token) != std::string::npos)
                line = replaceAll(line, token, " ");
        const std::u32string characters = toCodePoints(line);
        if (std::ranges::any_of(characters, isVisible)) {
            m_bytes += line.size();
            m_lines.push_back(line);
        }
        line.clear();
    }
    std::vector<std::string> m_reserved;
    std::vector<std::string> m_lines;
    std::size_t m_bytes = 0;
};

/// Leaves in \p lines the characters that get a piece of their own: all of a small alphabet; of a large one the
/// commonest, as many as leave half of the vocabulary to longer pieces. The others become spaces here, and are spelled
/// in bytes later. (The trainer's own character_coverage goes no lower than 0.98.)
void keepCommonCharacters(std::vector<std::string>& lines, std::int32_t room) {
    std::unordered_map<char32_t, std::int64_t> counts;
    for (const std::string& line : lines)
        for (std::size_t pos = 0; pos < line.size();)
            ++counts[nextCodePoint(line, pos)];
    const auto budget = static_cast<std::size_t>(std::max<std::int32_t>(room / 2, 16));
    if (counts.size() <= budget)
        return;
    std::vector<std::pair<std::int64_t, char32_t>> order;
    for (const auto& [character, count] : counts)
        order.emplace_back(-count, character);  // the code point breaks ties: the same choice on every machine
    std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(budget));
    for (std::size_t i = budget; i < order.size(); ++i)
        counts.erase(order[i].second);
    std::vector<std::string> kept;
    for (const std::string& line : lines) {
        std::string out;
        bool visible = false;
        for (std::size_t pos = 0; pos < line.size();) {
            const char32_t c = nextCodePoint(line, pos);
            const bool common = counts.contains(c);
            appendUtf8(out, common ? c : U' ');
            visible = visible || (common && isVisible(c));
        }
        if (visible)
            kept.push_back(std::move(out));
    }
    if (!kept.empty())
        lines = std::move(kept);
}

/// The number after \p phrase in the trainer's message.
std::optional<std::int32_t> numberAfter(std::string_view message, std::string_view phrase) {
    const std::size_t at = message.find(phrase);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::int32_t number = 0;
    const char* begin = message.data() + at + phrase.size();
    const auto parsed = std::from_chars(begin, message.data() + message.size(), number);
    return parsed.ec == std::errc() ? std::optional(number) : std::nullopt;
}

using TrainerOptions = std::vector<std::pair<std::string, std::string>>;

/// One training with everything it needs, shared with the thread that runs it, which may outlive the caller's interest.
struct Job {
    std::vector<std::string> lines;
    TrainerOptions options;
    std::int32_t vocabSize = 0;
    std::atomic<bool> abandoned{false};
    std::mutex mutex;
    std::condition_variable finished;
    std::optional<Result<std::string>> model;  // guarded by mutex
};

Result<std::string> trainWithRetries(Job& job) {
    Result<std::string> model = fail(ErrorCode::Internal, "SentencePiece training did not start");
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        TrainerOptions options = job.options;
        options.emplace_back("vocab_size", std::to_string(job.vocabSize));
        model = runSentencePieceTrainer(job.lines, options, [&job] { return job.abandoned.load(); });
        if (model || job.abandoned)
            return model;
        const std::string& message = model.error().message;
        if (const auto allowed = numberAfter(message, "set it to a value <= "); allowed && *allowed < job.vocabSize)
            job.vocabSize = *allowed;
        else if (const auto needed = numberAfter(message, " vs ");
                 needed && message.find("required_chars") != std::string::npos)
            job.vocabSize = *needed + 16;
        else
            return model;
    }
    return model;
}

Result<std::string> trainInBackground(const std::shared_ptr<Job>& job, JobContext& context) {
    std::thread([job] {
        Result<std::string> model = trainWithRetries(*job);
        const std::lock_guard lock(job->mutex);
        job->model = std::move(model);
        job->finished.notify_all();
    }).detach();
    std::unique_lock lock(job->mutex);
    while (!job->finished.wait_for(lock, std::chrono::milliseconds(50), [&] { return job->model.has_value(); })) {
        if (context.stopRequested()) {
            job->abandoned = true;
            return fail(ErrorCode::Canceled, "tokenizer training was stopped");
        }
    }
    return std::move(*job->model);
}

std::string joined(const std::vector<std::string>& tokens) {
    return fmt::format("{}", fmt::join(tokens, ","));
}

Result<> checkTraining(const SentencePieceTraining& options) {
    if (options.modelType != "unigram" && options.modelType != "bpe")
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("tokenizer training: model type \"{}\" is not known; use unigram or bpe", options.modelType));
    if (options.vocabSize < 16 || options.vocabSize > 1000000)
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("tokenizer training: a vocabulary of {} pieces; give 16 to 1000000", options.vocabSize));
    for (const std::string& token : options.controlTokens)
        if (token.empty() || token.find_first_of(", \t\r\n") != std::string::npos)
            return fail(
                ErrorCode::InvalidInput,
                fmt::format("tokenizer training: control token \"{}\" is empty or has a comma or white space", token));
    return {};
}

/// tokenizer_config.json in the words of Transformers. The model's own ids stay; nothing is added to the vocabulary.
Json tokenizerConfig(const Tokenizer& tokenizer, const SentencePieceTraining& options, bool lossless) {
    Json config;
    const bool encoder = tokenizer.find("[CLS]") && tokenizer.find("[SEP]");
    config["tokenizer_class"] = "PreTrainedTokenizerFast";  // tokenizer.json as it is
    config["split_special_tokens"] = true;                  // typed text makes no control token
    config["model_max_length"] = 1000000000000000019884624838656.0;
    config["pad_token"] = "<pad>";
    config["unk_token"] = "<unk>";
    config["bos_token"] = "<s>";
    config["eos_token"] = "</s>";
    config["add_bos_token"] = !encoder;
    config["add_eos_token"] = false;
    if (encoder) {
        config["cls_token"] = "[CLS]";
        config["sep_token"] = "[SEP]";
        if (tokenizer.find("[MASK]"))
            config["mask_token"] = "[MASK]";
        config["do_lower_case"] = !lossless;  // done by the model's own normaliser; said for readers of the file
    } else {
        config["legacy"] = false;
        config["clean_up_tokenization_spaces"] = false;
        config["spaces_between_special_tokens"] = false;
    }
    Json decoder = Json::object();
    Json additional = Json::array();
    std::vector<std::string> tokens{"<pad>", "<unk>", "<s>", "</s>"};
    tokens.insert(tokens.end(), options.controlTokens.begin(), options.controlTokens.end());
    for (const std::string& token : tokens) {
        const auto id = tokenizer.find(token);
        if (!id)
            continue;
        decoder[std::to_string(*id)] = {{"content", token}, {"lstrip", false},      {"normalized", false},
                                        {"rstrip", false},  {"single_word", false}, {"special", true}};
        if (token.front() == '<' && *id >= kMetaPieces)
            additional.push_back(token);
    }
    if (!additional.empty())
        config["additional_special_tokens"] = additional;
    config["added_tokens_decoder"] = decoder;
    return config;
}

/// For programs that read tokenizer.json alone; the engine itself reads the model.
Result<> writeTokenizerJson(const Tokenizer& tokenizer, const std::string& model, const std::filesystem::path& folder) {
    LATHE_TRY(const SentencePieceFile file, parseSentencePieceFile(model, (folder / "tokenizer.model").string()));
    const SpecialTokens special = tokenizer.special();
    const bool encoder = special.cls >= 0 && special.sep >= 0;
    const std::vector<TokenId> before{encoder ? special.cls : special.bos};
    const std::vector<TokenId> after = encoder ? std::vector<TokenId>{special.sep} : std::vector<TokenId>{};
    return writeFileAtomically(folder / "tokenizer.json", tokenizerJsonOf(file, before, after));
}

}  // namespace

Result<> trainSentencePiece(const std::vector<std::string>& texts, const SentencePieceTraining& options,
                            const std::filesystem::path& folder, JobContext& context) {
    LATHE_CHECK(checkTraining(options));
    if (auto module = sentencePieceModule(); !module)
        return fail(module.error());
    const auto& control = options.controlTokens;
    const bool lossless = options.lossless.value_or(std::ranges::find(control, "[MASK]") == control.end());

    std::vector<std::string> reserved{"<pad>", "<unk>", "<s>", "</s>"};
    reserved.insert(reserved.end(), control.begin(), control.end());
    Corpus corpus(reserved);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i % 1000 == 0) {
            if (context.stopRequested())
                return fail(ErrorCode::Canceled, "tokenizer training was stopped");
            context.progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(texts.size()), "reading texts");
        }
        corpus.add(texts[i]);
    }
    const auto job = std::make_shared<Job>();
    job->lines = std::move(corpus).take();
    if (job->lines.empty())
        return fail(ErrorCode::InvalidInput, "tokenizer training: the corpus holds no text; import some first");
    const std::int32_t fixed =
        kMetaPieces + static_cast<std::int32_t>(control.size()) + (options.byteFallback ? kBytePieces : 0);
    job->vocabSize = std::max(options.vocabSize, fixed + 32);
    keepCommonCharacters(job->lines, job->vocabSize - fixed);
    job->options = {{"model_type", options.modelType},
                    {"normalization_rule_name", lossless ? "identity" : "nmt_nfkc_cf"},
                    {"remove_extra_whitespaces", lossless ? "false" : "true"},
                    {"byte_fallback", options.byteFallback ? "true" : "false"},
                    {"character_coverage", "1.0"},
                    {"split_digits", "true"},
                    {"hard_vocab_limit", "false"},
                    {"pad_id", "0"},
                    {"unk_id", "1"},
                    {"bos_id", "2"},
                    {"eos_id", "3"},
                    {"max_sentence_length", std::to_string(kMaxLineBytes + 8)},
                    {"num_threads", kTrainerThreads},
                    {"minloglevel", "3"}};
    if (lossless)
        job->options.emplace_back("allow_whitespace_only_pieces", "true");
    if (!control.empty())
        job->options.emplace_back("control_symbols", joined(control));

    context.progress(0, 0, "training the tokenizer");
    LATHE_TRY(const std::string model, trainInBackground(job, context));
    LATHE_CHECK(makeFolder(folder));
    LATHE_CHECK(writeFileAtomically(folder / "tokenizer.model", model));
    std::error_code ignored;
    for (const char* name : {"tokenizer_config.json", "tokenizer.json"})
        std::filesystem::remove(folder / name, ignored);  // of an earlier training, which would be read
    LATHE_TRY(const auto tokenizer, loadTokenizer(folder));
    LATHE_CHECK(writeJsonFile(folder / "tokenizer_config.json", tokenizerConfig(*tokenizer, options, lossless)));
    LATHE_CHECK(writeTokenizerJson(*tokenizer, model, folder));
    logInfo("text", "tokenizer of {} pieces trained on {} lines ({} asked for)", tokenizer->vocabSize(),
            job->lines.size(), options.vocabSize);
    return {};
}

std::string sentencePieceProblem() {
    const auto module = sentencePieceModule();
    return module ? "" : module.error().message;
}

}  // namespace lathe::text
