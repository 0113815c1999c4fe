// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/unpack.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

#include "core/files.h"
#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPiece = 256 * 1024;

class GzipSource final : public ByteSource {
public:
    GzipSource(gzFile file, fs::path path) : m_file(file), m_path(std::move(path)) {}
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;
    ~GzipSource() override { ::gzclose_r(m_file); }

    Result<std::size_t> read(char* into, std::size_t size) override {
        const int got = ::gzread(m_file, into, static_cast<unsigned>(size));
        if (got > 0)
            return static_cast<std::size_t>(got);
        int code = Z_OK;
        const char* const words = ::gzerror(m_file, &code);
        if (code == Z_ERRNO)
            return fail(ErrorCode::Io,
                        fmt::format("cannot read {}: {}; check the disk", m_path.string(), std::strerror(errno)));
        if (code == Z_BUF_ERROR)  // the file ends before the stream does
            return fail(ErrorCode::Parse, fmt::format("{} is cut off: the packed data end too early; fetch it again",
                                                      m_path.filename().string()));
        if (code != Z_OK && code != Z_STREAM_END)
            return fail(ErrorCode::Parse, fmt::format("{} is damaged ({}); fetch it again", m_path.filename().string(),
                                                      words ? words : "zlib"));
        return std::size_t{0};
    }

private:
    gzFile m_file;
    fs::path m_path;
};

}  // namespace

UnpackBudget::UnpackBudget(std::int64_t packedBytes)
    : m_allowed(std::min(kMaxBytes, std::max(kFreeBytes, std::min(packedBytes, kMaxBytes / kMaxRatio) * kMaxRatio))) {
}

Result<> UnpackBudget::spend(std::int64_t bytes, std::string_view archive) {
    m_spent += bytes;
    if (m_spent > m_allowed)
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} grows to more than {} when it is unpacked ({} times its size or more): it looks like "
                        "a zip bomb. Unpack it yourself if you trust it, and import the folder",
                        archive, humanBytes(static_cast<std::uint64_t>(m_allowed)), kMaxRatio));
    return {};
}

Result<std::shared_ptr<ScratchFolder>> sharedScratch() {
    LATHE_TRY(ScratchFolder folder, ScratchFolder::make("import"));
    return std::make_shared<ScratchFolder>(std::move(folder));
}

std::string harmlessName(std::string_view member) {
    constexpr std::size_t kMaxBytes = 120;
    member = member.substr(member.find_last_of("/\\") + 1);
    std::string name;
    for (const char c : member)
        name.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '_' : c);
    name = sanitizeUtf8(name);
    if (name.size() > kMaxBytes) {
        const fs::path extension = fs::path(name).extension();
        const std::string tail = extension.string().size() <= 12 ? extension.string() : "";
        name = std::string(clipUtf8(name, kMaxBytes - tail.size())) + tail;
    }
    return name.empty() || name == "." || name == ".." ? "file" : name;
}

bool looksLikeGzip(std::string_view head) {
    return head.starts_with("\x1F\x8B");
}

bool looksLikeSqlite(std::string_view head) {
    using namespace std::string_view_literals;
    return head.starts_with("SQLite format 3\0"sv);
}

Result<std::string> firstBytes(const fs::path& file, std::size_t size) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(ErrorCode::Io, fmt::format("cannot open {}; check that you may read it", file.string()));
    std::string bytes(size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

Result<> unpackTo(ByteSource& source, const fs::path& file, UnpackBudget& budget, std::string_view name,
                  std::int64_t textBytes, const std::function<bool()>& stop) {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    std::vector<char> piece(kPiece);
    std::int64_t written = 0;
    bool isText = true;
    for (;;) {
        if (stop && stop())
            return fail(ErrorCode::Canceled, "the import was stopped; the project is as before");
        LATHE_TRY(const std::size_t got, source.read(piece.data(), piece.size()));
        if (got == 0)
            break;
        const std::string_view bytes(piece.data(), got);
        if (written == 0)
            isText = !bytes.starts_with("PK\x03\x04") && !looksLikeSqlite(bytes) && !looksLikeGzip(bytes);
        LATHE_CHECK(budget.spend(static_cast<std::int64_t>(got), name));
        if (!out.write(piece.data(), static_cast<std::streamsize>(got)))
            break;
        written += static_cast<std::int64_t>(got);
        if (isText && textBytes > 0 && written >= textBytes)
            break;
    }
    if (!out.flush())
        return fail(ErrorCode::Io,
                    fmt::format("{} could not be unpacked into {}: {}; free some space, or set TMPDIR to "
                                "a folder that has more",
                                name, file.parent_path().string(), std::strerror(errno)));
    return {};
}

Result<std::unique_ptr<ByteSource>> openGzip(const fs::path& file) {
    gzFile opened = ::gzopen(file.c_str(), "rbe");
    if (opened == nullptr)
        return fail(ErrorCode::Io, fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
    ::gzbuffer(opened, kPiece);
    return std::make_unique<GzipSource>(opened, file);
}

}  // namespace lathe::corpus::detail
