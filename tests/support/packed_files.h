// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives and gz files made for a test.
#pragma once

#include <zip.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace lathe::test {

using ZipContent = std::vector<std::pair<std::string, std::string>>;

inline void writeZip(const std::filesystem::path& file, const ZipContent& members, const char* password = nullptr) {
    int code = 0;
    zip_t* const zip = ::zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (zip == nullptr)
        std::abort();
    for (const auto& [name, bytes] : members) {
        zip_source_t* const source = ::zip_source_buffer(zip, bytes.data(), bytes.size(), 0);
        const zip_int64_t index = ::zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_RAW);
        if (index < 0)
            std::abort();
        if (password)
            ::zip_file_set_encryption(zip, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, password);
    }
    if (::zip_close(zip) != 0)
        std::abort();
}

inline void writeGzip(const std::filesystem::path& file, const std::string& bytes) {
    gzFile gz = ::gzopen(file.c_str(), "wb");
    if (gz == nullptr || ::gzwrite(gz, bytes.data(), static_cast<unsigned>(bytes.size())) < 0 || ::gzclose(gz) != Z_OK)
        std::abort();
}

}  // namespace lathe::test
