// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes safetensors tensor by tensor into a temporary file beside the target; a rename makes it whole.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/files.h"
#include "core/json.h"
#include "nn/safetensors.h"
#include "nn/torch_compat.h"
#include "nn/torch_guard.h"

namespace lathe::nn {

namespace {

/// An open file that is closed, and removed unless it was kept.
class TemporaryFile {
public:
    explicit TemporaryFile(std::filesystem::path path)
        : m_path(std::move(path)), m_fd(::open(m_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {}
    ~TemporaryFile() {
        if (m_fd >= 0)
            ::close(m_fd);
        if (!m_kept)
            ::unlink(m_path.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    Result<> problem() const {
        return fail(ErrorCode::Io, fmt::format("cannot write {}: {}", m_path.string(), std::strerror(errno)));
    }
    Result<> write(const char* bytes, std::size_t size) {
        while (size > 0) {
            const ssize_t written = ::write(m_fd, bytes, std::min<std::size_t>(size, 1u << 30));
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return problem();
            bytes += written;
            size -= static_cast<std::size_t>(written);
        }
        return {};
    }
    bool isOpen() const { return m_fd >= 0; }
    Result<> moveTo(const std::filesystem::path& target) {
        if (::fsync(m_fd) != 0 || ::rename(m_path.c_str(), target.c_str()) != 0)
            return problem();
        m_kept = true;
        return syncToDisk(target.parent_path().empty() ? "." : target.parent_path());
    }

private:
    std::filesystem::path m_path;
    int m_fd = -1;
    bool m_kept = false;
};

Result<std::string> makeHeader(const std::vector<std::pair<std::string, torch::Tensor>>& tensors,
                               const std::map<std::string, std::string>& metadata) {
    Json header = Json::object();
    if (!metadata.empty()) {
        header["__metadata__"] = Json::object();
        for (const auto& [key, value] : metadata)
            header["__metadata__"][key] = value;
    }
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
        const std::string_view dtype = safetensorsName(tensor.scalar_type());
        if (dtype.empty())
            return fail(ErrorCode::Unsupported, fmt::format("tensor \"{}\" has the type {}, which safetensors has not",
                                                            name, c10::toString(tensor.scalar_type())));
        if (header.contains(name))
            return fail(ErrorCode::Internal, fmt::format("tensor \"{}\" is given twice", name));
        const std::uint64_t end = offset + tensor.nbytes();
        header[name] = {{"dtype", dtype}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
}

}  // namespace

Result<> writeSafetensors(const std::filesystem::path& file,
                          const std::vector<std::pair<std::string, torch::Tensor>>& tensors,
                          const std::map<std::string, std::string>& metadata) {
    return guardTorch(fmt::format("writing {}", file.filename().string()), [&]() -> Result<> {
        LATHE_TRY(const std::string header, makeHeader(tensors, metadata));
        TemporaryFile out(std::filesystem::path(file) += ".part");
        if (!out.isOpen())
            return out.problem();
        const std::uint64_t length = header.size();
        LATHE_CHECK(out.write(reinterpret_cast<const char*>(&length), sizeof length));
        LATHE_CHECK(out.write(header.data(), header.size()));
        for (const auto& [name, tensor] : tensors) {
            const torch::Tensor bytes = tensor.detach().to(torch::kCPU).contiguous();
            LATHE_CHECK(out.write(static_cast<const char*>(bytes.data_ptr()), bytes.nbytes()));
        }
        return out.moveTo(file);
    });
}

}  // namespace lathe::nn
