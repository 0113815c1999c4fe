// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/zip_archive.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zip.h>

#include <algorithm>
#include <unordered_set>

#include "core/utf8.h"
#include "corpus/detail/encoding.h"

namespace lathe::corpus::detail {
namespace {

class MemberSource final : public ByteSource {
public:
    MemberSource(zip_file_t* file, std::string name) : m_file(file), m_name(std::move(name)) {}
    MemberSource(const MemberSource&) = delete;
    MemberSource& operator=(const MemberSource&) = delete;
    ~MemberSource() override { ::zip_fclose(m_file); }

    Result<std::size_t> read(char* into, std::size_t size) override {
        const zip_int64_t got = ::zip_fread(m_file, into, size);
        if (got >= 0)
            return static_cast<std::size_t>(got);
        zip_error_t* const error = ::zip_file_get_error(m_file);
        const char* const why =
            ::zip_error_code_zip(error) == ZIP_ER_CRC ? "its check sum is wrong" : ::zip_error_strerror(error);
        return fail(ErrorCode::Parse, fmt::format("{} is damaged in the archive: {}; fetch the archive again",
                                                  harmlessName(m_name), why));
    }

private:
    zip_file_t* m_file;
    std::string m_name;
};

// Nothing is ever written by a member's name; but a name that leads out of the archive is nobody's data either, and it
// would stand in the project as the place where a text came from.
std::string nameProblem(std::string_view name) {
    if (name.empty())
        return "it has no name";
    const bool drive = name.size() >= 2 && name[1] == ':';
    bool leadsOut = name.front() == '/' || name.front() == '\\' || drive;
    for (std::size_t at = 0; at <= name.size() && !leadsOut;) {
        const std::size_t end = std::min(name.find_first_of("/\\", at), name.size());
        leadsOut = name.substr(at, end - at) == "..";
        at = end + 1;
    }
    return leadsOut ? "its name leads out of the archive; such an archive is not to be trusted" : "";
}

// The standard knows CP437 and UTF-8; archives from Chinese and Japanese systems have names in the system's encoding.
std::string readableName(const char* raw) {
    std::string name = raw ? raw : "";
    if (firstInvalidUtf8(name) != std::string::npos)
        if (const auto converted = convertToUtf8(name, detectEncoding(name).name, true))
            name = withoutBadBytes(*converted);
    return sanitizeUtf8(name);
}

bool isLink(zip* archive, std::uint64_t index) {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    return ::zip_file_get_external_attributes(archive, index, 0, &system, &attributes) == 0 &&
           system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16);
}

}  // namespace

bool looksLikeZip(std::string_view head) {
    using namespace std::string_view_literals;
    return head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv);
}

Result<std::shared_ptr<ZipArchive>> ZipArchive::open(const std::filesystem::path& file) {
    int code = 0;
    zip* const opened = ::zip_open(file.c_str(), ZIP_RDONLY, &code);
    if (opened == nullptr) {
        zip_error_t error;
        ::zip_error_init_with_code(&error, code);
        const std::string words = ::zip_error_strerror(&error);
        ::zip_error_fini(&error);
        const bool io = code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_SEEK;
        return fail(io ? ErrorCode::Io : ErrorCode::Parse,
                    fmt::format("{} cannot be read as a zip archive: {}; it may be cut off or damaged, fetch it again",
                                file.filename().string(), words));
    }
    auto archive = std::make_shared<ZipArchive>(opened, file);
    LATHE_CHECK(archive->list());
    return archive;
}

ZipArchive::ZipArchive(zip* archive, std::filesystem::path file) : m_zip(archive), m_file(std::move(file)) {
}

ZipArchive::~ZipArchive() {
    ::zip_discard(m_zip);
}

Result<> ZipArchive::list() {
    const auto count = static_cast<std::uint64_t>(std::max<zip_int64_t>(::zip_get_num_entries(m_zip, 0), 0));
    if (count > kMaxMembers)
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} has {} members, more than {} that are read through; unpack it and import the folder",
                        m_file.filename().string(), count, kMaxMembers));
    std::unordered_set<std::string> seen;
    for (std::uint64_t i = 0; i < count; ++i) {
        ZipMember member;
        member.index = i;
        member.name = readableName(::zip_get_name(m_zip, i, ZIP_FL_ENC_RAW));
        member.isFolder = member.name.ends_with('/');
        member.problem = nameProblem(member.name);
        zip_stat_t stat;
        ::zip_stat_init(&stat);
        if (::zip_stat_index(m_zip, i, 0, &stat) == 0) {
            member.size = static_cast<std::int64_t>(std::min<zip_uint64_t>(stat.size, INT64_MAX));
            if (member.problem.empty() && (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
                stat.encryption_method != ZIP_EM_NONE)
                member.problem = "it is encrypted; unpack the archive with its password and import the folder";
        }
        if (member.problem.empty() && isLink(m_zip, i))
            member.problem = "it is a link to another file";
        if (member.problem.empty() && !seen.insert(member.name).second)
            member.problem = "the archive has another member of the same name";
        m_members.push_back(std::move(member));
    }
    return {};
}

const ZipMember* ZipArchive::find(std::string_view name) const {
    const auto found = std::ranges::find(m_members, name, &ZipMember::name);
    return found == m_members.end() ? nullptr : &*found;
}

ZipKind ZipArchive::kind() const {
    if (find("[Content_Types].xml"))
        return find("xl/workbook.xml") ? ZipKind::Workbook : ZipKind::OtherDocument;
    // OpenDocument and EPUB say what they are in their first member.
    return !m_members.empty() && m_members.front().name == "mimetype" ? ZipKind::OtherDocument : ZipKind::Archive;
}

Result<std::unique_ptr<ByteSource>> ZipArchive::read(const ZipMember& member) const {
    zip_file_t* const opened = ::zip_fopen_index(m_zip, member.index, 0);
    if (opened == nullptr) {
        zip_error_t* const error = ::zip_get_error(m_zip);
        const int code = ::zip_error_code_zip(error);
        if (code == ZIP_ER_COMPNOTSUPP)
            return fail(ErrorCode::Unsupported,
                        fmt::format("{} is packed by a method that is not supported; unpack the "
                                    "archive and import the folder",
                                    harmlessName(member.name)));
        return fail(ErrorCode::Parse, fmt::format("{} cannot be read from the archive: {}; fetch the archive again",
                                                  harmlessName(member.name), ::zip_error_strerror(error)));
    }
    return std::make_unique<MemberSource>(opened, member.name);
}

}  // namespace lathe::corpus::detail
