// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/own_address.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lathe::train {

std::string ownAddress(const std::string& host, std::uint16_t port) {
    addrinfo hints = {};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
        return host;
    std::string address = host;
    for (const addrinfo* each = found; each; each = each->ai_next) {
        const int socket = ::socket(each->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (socket < 0)
            continue;
        sockaddr_storage own = {};
        socklen_t length = sizeof own;
        char text[NI_MAXHOST] = {};
        auto* generic = reinterpret_cast<sockaddr*>(&own);
        const bool ok = ::connect(socket, each->ai_addr, each->ai_addrlen) == 0 &&
                        ::getsockname(socket, generic, &length) == 0 &&
                        ::getnameinfo(generic, length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0;
        ::close(socket);
        if (ok) {
            address = text;
            break;
        }
    }
    ::freeaddrinfo(found);
    return address;
}

}  // namespace lathe::train
