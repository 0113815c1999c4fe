// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench tokenize: megabytes per second of one core, English and Chinese, for each tokenizer folder.
#include <algorithm>
#include <ctime>
#include <filesystem>

#include "cli/bench.h"
#include "cli/bench/synthetic_text.h"
#include "core/utf8.h"
#include "text/tokenizer.h"

namespace lathe::cli {
namespace {

constexpr std::size_t kTextBytes = 2'000'000;
constexpr std::size_t kLineBytes = 400;

/// Seconds of this thread: what else the machine does is no matter.
double cpuSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Lines of made-up text: words of a language's letters by a frequency that falls as it does in real text.
std::vector<std::string> englishLines() {
    SyntheticText source(11);
    std::vector<std::string> lines;
    for (std::size_t bytes = 0; bytes < kTextBytes; bytes += lines.back().size())
        lines.push_back(source.words(kLineBytes / 6) + ".");
    return lines;
}

std::vector<std::string> chineseLines() {
    static constexpr std::u32string_view kCharacters =
        U"的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
        U"用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实";
    std::vector<std::string> lines;
    std::uint64_t state = 0x9E3779B97F4A7C15ull;
    for (std::size_t bytes = 0; bytes < kTextBytes; bytes += lines.back().size()) {
        std::u32string line;
        while (line.size() < kLineBytes / 3) {
            state ^= state << 13, state ^= state >> 7, state ^= state << 17;
            const std::size_t pick = (state >> 20) % kCharacters.size();
            line += kCharacters[std::min(pick, std::size_t(state >> 40) % kCharacters.size())];
            if (state % 17 == 0)
                line += state % 3 == 0 ? U'。' : U'，';
        }
        lines.push_back(toUtf8(line));
    }
    return lines;
}

double megabytesPerSecond(const text::Tokenizer& tokenizer, const std::vector<std::string>& lines, bool offsets) {
    double best = 0;
    for (int round = 0; round < 3; ++round) {
        std::size_t bytes = 0;
        std::size_t ids = 0;
        const double start = cpuSeconds();
        for (const std::string& line : lines) {
            bytes += line.size();
            ids += tokenizer.encode(line, true, offsets).ids.size();
        }
        if (ids > 0)
            best = std::max(best, static_cast<double>(bytes) / 1e6 / (cpuSeconds() - start));
    }
    return best;
}

std::vector<std::filesystem::path> tokenizerFolders(const std::filesystem::path& root) {
    std::vector<std::filesystem::path> folders;
    std::error_code error;
    const auto isTokenizer = [&](const std::filesystem::path& folder) {
        return std::filesystem::exists(folder / "tokenizer.json", error) ||
               std::filesystem::exists(folder / "tokenizer.model", error) ||
               std::filesystem::exists(folder / "vocab.txt", error);
    };
    if (isTokenizer(root))
        return {root};
    for (const auto& entry : std::filesystem::directory_iterator(root, error))
        if (entry.is_directory(error) && isTokenizer(entry.path()))
            folders.push_back(entry.path());
    std::ranges::sort(folders);
    return folders;
}

Result<Json> runTokenize(const BenchOptions& options, Console& console) {
    const std::filesystem::path root = options.shape.empty() ? "../shared/golden/tokenizers" : options.shape.c_str();
    const auto folders = tokenizerFolders(root);
    if (folders.empty())
        return fail(ErrorCode::NotFound,
                    fmt::format("{}: no tokenizer in it or in its folders; name one by --shape FOLDER", root.string()));
    const auto english = englishLines();
    const auto chinese = chineseLines();
    std::string text = fmt::format("{:<36} {:>9} {:>9} {:>12} {:>9}\n", "MB/s of one core", "English", "Chinese",
                                   "with offsets", "load s");
    Json json = Json::object();
    for (const auto& folder : folders) {
        if (console.context().stopRequested())
            return fail(ErrorCode::Canceled, "stopped");
        const double start = cpuSeconds();
        LATHE_TRY(const auto tokenizer, text::loadTokenizer(folder));
        const double load = cpuSeconds() - start;
        const double rates[] = {megabytesPerSecond(*tokenizer, english, false),
                                megabytesPerSecond(*tokenizer, chinese, false),
                                megabytesPerSecond(*tokenizer, english, true)};
        const std::string name = folder.filename().string();
        text += fmt::format("{:<36} {:>9.1f} {:>9.1f} {:>12.1f} {:>9.2f}\n", name, rates[0], rates[1], rates[2], load);
        json[name] = {{"english_mb_per_second", rates[0]},
                      {"chinese_mb_per_second", rates[1]},
                      {"english_with_offsets_mb_per_second", rates[2]},
                      {"load_seconds", load}};
    }
    json["text"] = text;
    return json;
}

}  // namespace

BenchEntry tokenizeBench() {
    return {.id = "tokenize", .summary = "encoding English and Chinese text, by tokenizer folder", .run = runTokenize};
}

}  // namespace lathe::cli
