// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unicode/ucnv.h>
#include <unicode/utf16.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/utf8.h"
#include "corpus/detail/encoding.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

// Bytes in, UTF-8 out, with a state between the pieces.
class Decoder {
public:
    virtual ~Decoder() = default;
    virtual void decode(std::string_view bytes, bool isLast, std::string& out) = 0;
};

class Utf8Decoder final : public Decoder {
public:
    void decode(std::string_view bytes, bool isLast, std::string& out) override {
        if (!m_tail.empty()) {
            m_tail.append(bytes);
            std::string joined;
            joined.swap(m_tail);
            decode(joined, isLast, out);
            return;
        }
        if (!isLast) {
            const std::size_t held = incompleteTail(bytes);
            m_tail.assign(bytes.substr(bytes.size() - held));
            bytes.remove_suffix(held);
        }
        if (simdjson::validate_utf8(bytes.data(), bytes.size())) {
            out.append(bytes);
            return;
        }
        while (!bytes.empty()) {
            const std::size_t bad = std::min(firstInvalidUtf8(bytes), bytes.size());
            out.append(bytes.substr(0, bad));
            bytes.remove_prefix(bad);
            if (!bytes.empty()) {
                appendBadByte(out, static_cast<unsigned char>(bytes.front()));
                bytes.remove_prefix(1);
            }
        }
    }

private:
    std::string m_tail;
};

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};

class IcuDecoder final : public Decoder {
public:
    explicit IcuDecoder(UConverter* converter) : m_converter(converter), m_units(kReadBytes) {}

    void decode(std::string_view bytes, bool isLast, std::string& out) override {
        const char* source = bytes.data();
        const char* const end = source + bytes.size();
        for (;;) {
            UErrorCode status = U_ZERO_ERROR;
            char16_t* target = m_units.data();
            ucnv_toUnicode(m_converter.get(), &target, m_units.data() + m_units.size(), &source, end, nullptr, isLast,
                           &status);
            appendUnits({m_units.data(), static_cast<std::size_t>(target - m_units.data())}, out);
            if (U_SUCCESS(status))
                break;
            if (status != U_BUFFER_OVERFLOW_ERROR)
                appendInvalid(out);
        }
        if (isLast && m_high != 0)
            m_high = 0;
    }

private:
    void appendInvalid(std::string& out) {
        std::array<char, 32> invalid{};
        auto size = static_cast<std::int8_t>(invalid.size());
        UErrorCode status = U_ZERO_ERROR;
        ucnv_getInvalidChars(m_converter.get(), invalid.data(), &size, &status);
        if (U_FAILURE(status) || size <= 0) {
            appendBadByte(out, 0);
            return;
        }
        for (std::int8_t i = 0; i < size; ++i)
            appendBadByte(out, static_cast<unsigned char>(invalid[static_cast<std::size_t>(i)]));
    }
    void appendUnits(std::u16string_view units, std::string& out) {
        for (const char16_t unit : units) {
            if (U16_IS_LEAD(unit)) {
                m_high = unit;
            } else if (U16_IS_TRAIL(unit) && m_high != 0) {
                appendUtf8(out, static_cast<char32_t>(U16_GET_SUPPLEMENTARY(m_high, unit)));
                m_high = 0;
            } else if (unit < 0x80) {
                out.push_back(static_cast<char>(unit));
            } else {
                appendUtf8(out, unit);
            }
        }
    }

    std::unique_ptr<UConverter, CloseConverter> m_converter;
    std::vector<char16_t> m_units;
    char16_t m_high = 0;  ///< the first half of a surrogate pair, when a piece ended between the two
};

Result<std::unique_ptr<Decoder>> makeDecoder(const std::string& encoding) {
    if (encoding.empty() || ucnv_compareNames(encoding.c_str(), "UTF-8") == 0)
        return std::make_unique<Utf8Decoder>();
    UErrorCode status = U_ZERO_ERROR;
    UConverter* converter = ucnv_open(encoding.c_str(), &status);
    if (U_FAILURE(status))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the encoding \"{}\" is not known; use UTF-8, UTF-16LE, GB18030, Big5 ...", encoding));
    auto decoder = std::make_unique<IcuDecoder>(converter);
    // Without this ICU would put U+FFFD where it cannot read a byte, and nobody would hear of it.
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    return decoder;
}

constexpr std::string_view kBom = "\xEF\xBB\xBF";

class FileStream final : public Utf8Stream {
public:
    FileStream(int fd, std::filesystem::path file, std::string encoding, std::unique_ptr<Decoder> decoder)
        : m_fd(fd),
          m_file(std::move(file)),
          m_encoding(std::move(encoding)),
          m_decoder(std::move(decoder)),
          m_bytes(kReadBytes) {}
    FileStream(const FileStream&) = delete;
    FileStream& operator=(const FileStream&) = delete;
    ~FileStream() override { ::close(m_fd); }

    Result<bool> read(std::string& out) override {
        const std::size_t before = out.size();
        while (!m_ended && out.size() == before) {
            const ssize_t size = ::read(m_fd, m_bytes.data(), m_bytes.size());
            if (size < 0 && errno == EINTR)
                continue;
            if (size < 0)
                return fail(ErrorCode::Io, fmt::format("cannot read {} after {} bytes: {}; check the disk",
                                                       m_file.string(), m_read, std::strerror(errno)));
            m_ended = size == 0;
            m_read += size;
            m_decoder->decode({m_bytes.data(), static_cast<std::size_t>(size)}, m_ended, out);
            if (!m_begun && out.size() > before) {
                m_begun = true;
                if (std::string_view(out).substr(before).starts_with(kBom))
                    out.erase(before, kBom.size());
            }
        }
        return out.size() > before;
    }
    std::int64_t bytesRead() const override { return m_read; }
    const std::string& encoding() const override { return m_encoding; }

private:
    int m_fd;
    std::filesystem::path m_file;
    std::string m_encoding;
    std::unique_ptr<Decoder> m_decoder;
    std::vector<char> m_bytes;
    std::int64_t m_read = 0;
    bool m_begun = false;
    bool m_ended = false;
};

}  // namespace

void appendBadByte(std::string& out, unsigned char byte) {
    out.push_back(kBadByte);
    for (const int shift : {6, 3, 0})
        out.push_back(static_cast<char>(0xF8 | ((byte >> shift) & 7)));
}

std::optional<BadByte> firstBadByte(std::string_view converted) {
    const std::size_t at = converted.find(kBadByte);
    if (at == std::string_view::npos || at + 3 >= converted.size())
        return std::nullopt;
    unsigned byte = 0;
    for (std::size_t i = 1; i <= 3; ++i)
        byte = byte << 3 | (static_cast<unsigned char>(converted[at + i]) & 7u);
    return BadByte{at, static_cast<unsigned char>(byte)};
}

std::string withoutBadBytes(std::string_view converted) {
    std::string out;
    out.reserve(converted.size());
    while (!converted.empty()) {
        const std::size_t at = std::min(converted.find(kBadByte), converted.size());
        out.append(converted.substr(0, at));
        converted.remove_prefix(at);
        if (!converted.empty()) {
            appendUtf8(out, kReplacement);
            converted.remove_prefix(std::min<std::size_t>(4, converted.size()));
        }
    }
    return sanitizeUtf8(out);  // a piece of text may begin or end within a mark
}

std::size_t countBadBytes(std::string_view converted) {
    std::size_t count = 0;
    for (std::size_t at = converted.find(kBadByte); at != std::string_view::npos; at = converted.find(kBadByte, at + 4))
        ++count;
    return count;
}

Result<std::unique_ptr<Utf8Stream>> Utf8Stream::open(const std::filesystem::path& file, const std::string& encoding) {
    LATHE_TRY(auto decoder, makeDecoder(encoding));
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
    auto stream = std::make_unique<FileStream>(fd, file, encoding.empty() ? "UTF-8" : encoding, std::move(decoder));
    struct stat info {};
    if (::fstat(fd, &info) != 0 || S_ISDIR(info.st_mode))
        return fail(ErrorCode::InvalidInput, fmt::format("{} is a folder; choose a file in it", file.string()));
    return stream;
}

Result<std::string> convertToUtf8(std::string_view bytes, const std::string& encoding, bool isWhole) {
    LATHE_TRY(const auto decoder, makeDecoder(encoding));
    std::string out;
    decoder->decode(bytes, isWhole, out);
    if (out.starts_with(kBom))
        out.erase(0, kBom.size());
    return out;
}

}  // namespace lathe::corpus::detail
