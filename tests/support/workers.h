// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes of one run on this machine, as a launcher would start them. POSIX only, no Qt.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <memory>

#include "support/process.h"

namespace lathe::test {

/// A port that nobody listens at just now.
inline int freePort() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), length);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    ::close(socket);
    return ntohs(address.sin_port);
}

/// The same words with variables in front of the environment's.
inline std::vector<std::string> withEnvironment(std::vector<std::string> variables,
                                                const std::vector<std::string>& words) {
    variables.insert(variables.begin(), "/usr/bin/env");
    variables.insert(variables.end(), words.begin(), words.end());
    return variables;
}

class Workers {
public:
    /// Rank r's output goes to files in folder/r.
    Workers(const std::filesystem::path& folder, int size, const std::vector<std::string>& words) {
        const int port = freePort();
        for (int rank = 0; rank < size; ++rank) {
            const auto own = folder / std::to_string(rank);
            std::filesystem::create_directories(own);
            m_all.push_back(std::make_unique<Process>(
                own, withEnvironment({"RANK=" + std::to_string(rank), "WORLD_SIZE=" + std::to_string(size),
                                      "LOCAL_RANK=" + std::to_string(rank), "MASTER_ADDR=127.0.0.1",
                                      "MASTER_PORT=" + std::to_string(port), "TMPDIR=" + own.string()},
                                     words)));
        }
    }
    const Process& at(int rank) const { return *m_all[static_cast<std::size_t>(rank)]; }
    ProcessResult waitFor(int rank) { return m_all[static_cast<std::size_t>(rank)]->wait(); }
    /// What became of each, by rank.
    std::vector<ProcessResult> wait() {
        std::vector<ProcessResult> results;
        for (auto& process : m_all)
            results.push_back(process->wait());
        return results;
    }

private:
    std::vector<std::unique_ptr<Process>> m_all;
};

}  // namespace lathe::test
