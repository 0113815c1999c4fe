// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Guessing encodings. ICU's detector counts byte statistics and needs some hundred bytes; a label file may have ten
// Chinese characters. So each candidate is read and judged by whether it gives characters that people write.
#include <simdjson.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_set>

#include "core/utf8.h"
#include "corpus/detail/encoding.h"

namespace lathe::corpus::detail {
namespace {

// The most frequent characters of modern Chinese (simplified, then the traditional forms that differ) and of Japanese
// and Korean running text: a third to two thirds of any text.
constexpr std::string_view kFrequent =
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方"
    "多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已"
    "工使情明"
    "性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化"
    "老给世位"
    "次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目"
    "太量再感"
    "建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色"
    "路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运快送味吃餐店菜价钱贵慢差服务态度"
    "谢请卡银"
    "這個們來為國說時會對於著過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產話內門東聲員論處"
    "義幾認條"
    "氣題別變總電數報結務場計隊決書則聽卻達強難權類據邊該規萬領確傳師觀讓識帶導爭運價錢貴請銀"
    "の にはをたがでてとしれさいあるこもなかっらりすまよそだせけえ。、";
constexpr std::string_view kFrequentHangul =
    "이다는을의에가고하지한은로를니사도서기대어있자나수그시아것들해라리안인여게만보요습부일주정제전었면스으동구성장없오"
    "원마과와우상"
    "선세위저화생문너합할적내거히유경트무중때모까야신소공관연년비국데미말조치물방회";

constexpr char32_t kHanFirst = 0x4E00, kHanLast = 0x9FFF;

const std::unordered_set<char32_t>& frequentSet(bool hangul) {
    const auto build = [](std::string_view list) {
        const auto points = toCodePoints(list);
        return std::unordered_set<char32_t>(points.begin(), points.end());
    };
    static const auto chinese = build(kFrequent);
    static const auto korean = build(kFrequentHangul);
    return hangul ? korean : chinese;
}

// What one multi-byte character is in its encoding's own table: the standards put common characters into low rows.
enum class Row { Common, Rare, Symbol, Strange, Invalid };

struct Character {
    std::size_t size = 1;
    Row row = Row::Invalid;
};

unsigned at(std::string_view text, std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool within(unsigned value, unsigned low, unsigned high) {
    return value >= low && value <= high;
}

Character gb18030(std::string_view t, std::size_t i) {
    const unsigned lead = at(t, i), trail = at(t, i + 1);
    if (!within(lead, 0x81, 0xFE))
        return {};
    if (within(trail, 0x30, 0x39))
        return within(at(t, i + 2), 0x81, 0xFE) && within(at(t, i + 3), 0x30, 0x39) ? Character{4, Row::Strange}
                                                                                    : Character{};
    if (!within(trail, 0x40, 0xFE) || trail == 0x7F)
        return {};
    if (trail < 0xA1)
        return {2, Row::Strange};  // GBK's additions
    if (within(lead, 0xB0, 0xD7))
        return {2, Row::Common};
    if (within(lead, 0xD8, 0xF7))
        return {2, Row::Rare};
    return {2, lead == 0xA1 || lead == 0xA3 ? Row::Symbol : Row::Strange};
}

Character big5(std::string_view t, std::size_t i) {
    const unsigned lead = at(t, i), trail = at(t, i + 1);
    if (!within(lead, 0x81, 0xFE) || !(within(trail, 0x40, 0x7E) || within(trail, 0xA1, 0xFE)))
        return {};
    if (within(lead, 0xA4, 0xC6))
        return {2, Row::Common};
    if (within(lead, 0xC9, 0xF9))
        return {2, Row::Rare};
    return {2, lead == 0xA1 || lead == 0xA2 ? Row::Symbol : Row::Strange};
}

Character shiftJis(std::string_view t, std::size_t i) {
    const unsigned lead = at(t, i), trail = at(t, i + 1);
    if (within(lead, 0xA1, 0xDF))
        return {1, Row::Strange};  // half-width katakana: valid, and what GB18030 looks like
    if (!(within(lead, 0x81, 0x9F) || within(lead, 0xE0, 0xFC)) || !within(trail, 0x40, 0xFC) || trail == 0x7F)
        return {};
    if (within(lead, 0x82, 0x83) || within(lead, 0x88, 0x97))
        return {2, Row::Common};
    if (lead == 0x81)
        return {2, Row::Symbol};
    return {2, within(lead, 0x98, 0x9F) || within(lead, 0xE0, 0xEA) ? Row::Rare : Row::Strange};
}

Character eucKr(std::string_view t, std::size_t i) {
    const unsigned lead = at(t, i), trail = at(t, i + 1);
    if (!within(lead, 0xA1, 0xFE) || !within(trail, 0xA1, 0xFE))
        return {};
    if (within(lead, 0xB0, 0xC8))
        return {2, Row::Common};
    if (within(lead, 0xCA, 0xFD))
        return {2, Row::Rare};
    return {2, lead == 0xA1 || lead == 0xA3 ? Row::Symbol : Row::Strange};
}

struct Candidate {
    const char* name;
    Character (*character)(std::string_view, std::size_t);
};

constexpr std::array kCandidates{Candidate{"GB18030", gb18030}, Candidate{"Big5", big5},
                                 Candidate{"Shift_JIS", shiftJis}, Candidate{"EUC-KR", eucKr}};

// One value for a reading: frequent characters count most, then the common rows, then punctuation.
double scoreMultiByte(std::string_view sample, const Candidate& candidate) {
    std::size_t characters = 0, invalid = 0;
    std::array<std::size_t, 5> rows{};
    std::size_t last = 0;
    for (std::size_t i = 0; i < sample.size();) {
        if (at(sample, i) < 0x80) {
            ++i;
            continue;
        }
        const Character character = candidate.character(sample, i);
        if (character.row == Row::Invalid && i + 4 > sample.size())
            break;  // cut off
        ++characters;
        ++rows[static_cast<std::size_t>(character.row)];
        invalid += character.row == Row::Invalid ? 1 : 0;
        i += character.size;
        last = std::min(i, sample.size());
    }
    if (characters == 0)
        return 0;
    const bool hangul = std::string_view(candidate.name) == "EUC-KR";
    std::size_t frequent = 0;
    if (const auto text = convertToUtf8(sample.substr(0, last), candidate.name, true)) {
        for (std::size_t i = 0; i < text->size();) {
            if (static_cast<unsigned char>((*text)[i]) < 0x80)
                ++i;
            else if (frequentSet(hangul).contains(nextCodePoint(*text, i)))
                ++frequent;
        }
    }
    const auto share = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(characters); };
    const auto rowShare = [&](Row row) { return share(rows[static_cast<std::size_t>(row)]); };
    const double readable = 0.5 * rowShare(Row::Common) + 0.4 * rowShare(Row::Symbol) + 0.05 * rowShare(Row::Rare) +
                            0.7 * std::min(share(frequent), 0.7);
    return std::max(0.0, readable * (1 - std::min(1.0, 6 * share(invalid))));
}

// Western text has single high bytes among ASCII letters; a run of them is some other encoding.
double scoreWestern(std::string_view sample) {
    std::size_t characters = 0;
    double points = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const unsigned byte = at(sample, i);
        if (byte < 0x80)
            continue;
        ++characters;
        const bool startsRun = i == 0 || at(sample, i - 1) < 0x80;
        const bool alone = startsRun && at(sample, i + 1) < 0x80;
        const bool pair =
            startsRun ? at(sample, i + 2) < 0x80 : (i == 1 || at(sample, i - 2) < 0x80) && at(sample, i + 1) < 0x80;
        const bool undefined = byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D;
        const bool letterOrQuote = byte >= 0xC0 || within(byte, 0x91, 0x97) || byte == 0x80 || byte == 0x85 ||
                                   byte == 0xA0 || byte == 0xAB || byte == 0xBB || byte == 0xB0;
        if (undefined)
            points -= 1;
        else
            points += alone && letterOrQuote ? 0.85 : alone || (pair && letterOrQuote) ? 0.4 : 0.05;
    }
    return characters == 0 ? 0 : std::max(0.0, points / static_cast<double>(characters));
}

// How much of UTF-16 text, read this way round, consists of characters in use; below 0 where a zero character is.
double scoreUtf16(std::string_view sample, bool bigEndian) {
    std::size_t good = 0, all = 0;
    for (std::size_t i = 0; i + 1 < sample.size(); i += 2) {
        const unsigned unit =
            bigEndian ? at(sample, i) << 8 | at(sample, i + 1) : at(sample, i + 1) << 8 | at(sample, i);
        if (unit == 0)
            return -1;
        ++all;
        const bool control = unit < 0x20 && unit != '\n' && unit != '\r' && unit != '\t';
        const bool used = (unit < 0x250 && !control) || within(unit, 0x370, 0x52F) || within(unit, 0x2010, 0x2030) ||
                          within(unit, 0x3000, 0x30FF) || within(unit, kHanFirst, kHanLast) ||
                          within(unit, 0xAC00, 0xDFFF) || within(unit, 0xFF00, 0xFF65);
        // Line ends, commas, digits and blanks exist in every table; read the wrong way round they are nothing.
        good += used ? 1 : 0;
        if (unit == '\n' || unit == ',' || unit == '\t' || unit == ' ')
            good += 1, all += 1;
    }
    return all == 0 ? 0 : static_cast<double>(good) / static_cast<double>(all);
}

std::optional<EncodingGuess> byteOrderMark(std::string_view sample) {
    using namespace std::string_view_literals;
    if (sample.starts_with("\xEF\xBB\xBF"sv))
        return EncodingGuess{"UTF-8", 1};
    if (sample.starts_with("\xFF\xFE\0\0"sv))
        return EncodingGuess{"UTF-32LE", 1};
    if (sample.starts_with("\0\0\xFE\xFF"sv))
        return EncodingGuess{"UTF-32BE", 1};
    if (sample.starts_with("\xFF\xFE"sv))
        return EncodingGuess{"UTF-16LE", 1};
    if (sample.starts_with("\xFE\xFF"sv))
        return EncodingGuess{"UTF-16BE", 1};
    return std::nullopt;
}

// What ICU thinks, for the encodings that the table above does not know (Cyrillic, Greek, Japanese EUC ...).
std::optional<EncodingGuess> askIcu(std::string_view sample) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), &ucsdet_close);
    if (U_FAILURE(status))
        return std::nullopt;
    ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status);
    const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
    if (U_FAILURE(status) || match == nullptr)
        return std::nullopt;
    const char* name = ucsdet_getName(match, &status);
    const std::int32_t confidence = ucsdet_getConfidence(match, &status);
    if (U_FAILURE(status) || confidence < 30 || std::string_view(name).starts_with("UTF-"))
        return std::nullopt;
    // windows-1252 is ISO-8859-1 with letters and quotes where that has control characters.
    return EncodingGuess{std::string_view(name) == "ISO-8859-1" ? "windows-1252" : name, confidence / 100.0};
}

}  // namespace

double scoreEncoding(std::string_view sample, std::string_view encoding) {
    for (const Candidate& candidate : kCandidates)
        if (encoding == candidate.name)
            return scoreMultiByte(sample, candidate);
    return encoding == "windows-1252" ? scoreWestern(sample) : 0;
}

EncodingGuess detectEncoding(std::string_view sample) {
    if (auto mark = byteOrderMark(sample))
        return *mark;
    if (sample.find('\0') != std::string_view::npos) {
        const double little = scoreUtf16(sample, false), big = scoreUtf16(sample, true);
        if (std::max(little, big) > 0.7)
            return {little >= big ? "UTF-16LE" : "UTF-16BE", std::min(1.0, 0.5 + std::abs(little - big))};
        return {"UTF-8", 0};  // binary: whoever reads on meets the zero bytes
    }
    const std::string_view whole = sample.substr(0, sample.size() - incompleteTail(sample));
    if (simdjson::validate_utf8(whole.data(), whole.size()))
        return {"UTF-8", 1};

    EncodingGuess best{"windows-1252", scoreWestern(sample)};
    double second = 0;
    for (const Candidate& candidate : kCandidates) {
        const double score = scoreMultiByte(sample, candidate);
        if (score > best.confidence) {
            second = best.confidence;
            best = {candidate.name, score};
        } else {
            second = std::max(second, score);
        }
    }
    // A UTF-8 file with a few broken bytes: nearly all of its high bytes still form UTF-8.
    if (auto text = convertToUtf8(whole, "UTF-8", true)) {
        const auto bad = static_cast<double>(countBadBytes(*text));
        const auto high = static_cast<double>(
            std::ranges::count_if(whole, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
        if (bad / high < 0.1)
            return {"UTF-8", 1 - bad / high};
    }
    if (best.confidence < 0.35)
        if (const auto other = askIcu(sample))
            return *other;
    const double margin = best.confidence > 0 ? (best.confidence - second) / best.confidence : 0;
    return {best.name, std::clamp(0.5 + 0.5 * margin, 0.0, 0.99)};
}

}  // namespace lathe::corpus::detail
