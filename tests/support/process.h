// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A child process with captured output, its exit status and its peak memory. POSIX only, no Qt.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace lathe::test {

struct ProcessResult {
    int status = -1;  ///< exit status; 128 + signal when a signal ended it, as shells give it
    bool signaled = false;
    std::string out, err;
    std::uint64_t peakBytes = 0;  ///< largest resident set
    bool hasOneErrorLine() const { return err.starts_with("error: ") && err.find('\n') == err.size() - 1; }
};

/// Runs while the object lives; output goes to files in \p folder, so that no pipe can fill up.
class Process {
public:
    Process(const std::filesystem::path& folder, const std::vector<std::string>& words,
            const std::string& inputFile = "/dev/null")
        : m_out(folder / "stdout.txt"), m_err(folder / "stderr.txt") {
        // Emptied before the child begins: what a process before it wrote there must not be taken for its output.
        std::ofstream(m_out, std::ios::trunc).close();
        std::ofstream(m_err, std::ios::trunc).close();
        m_pid = ::fork();
        if (m_pid != 0)
            return;
        redirect(inputFile, O_RDONLY, 0);
        redirect(m_out.string(), O_WRONLY | O_CREAT | O_TRUNC, 1);
        redirect(m_err.string(), O_WRONLY | O_CREAT | O_TRUNC, 2);
        std::vector<char*> arguments;
        for (const auto& word : words)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    ~Process() {
        if (!m_waited) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void signal(int number) const { ::kill(m_pid, number); }
    std::string outSoFar() const { return read(m_out); }
    /// Waits until standard output contains \p text or the process has ended or \p seconds are over.
    bool waitForOutput(const std::string& text, double seconds) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
        while (std::chrono::steady_clock::now() < end) {
            if (outSoFar().find(text) != std::string::npos)
                return true;
            siginfo_t info = {};
            if (::waitid(P_PID, static_cast<id_t>(m_pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                info.si_pid == m_pid)
                return outSoFar().find(text) != std::string::npos;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }
    ProcessResult wait() {
        ProcessResult result;
        int status = 0;
        rusage usage = {};
        ::wait4(m_pid, &status, 0, &usage);
        m_waited = true;
        result.signaled = WIFSIGNALED(status);
        result.status = result.signaled ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        result.peakBytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
        result.out = read(m_out);
        result.err = read(m_err);
        return result;
    }

private:
    static void redirect(const std::string& file, int flags, int to) {
        const int fd = ::open(file.c_str(), flags, 0600);
        if (fd < 0 || ::dup2(fd, to) < 0)
            ::_exit(126);
    }
    static std::string read(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::filesystem::path m_out, m_err;
    pid_t m_pid = -1;
    bool m_waited = false;
};

inline ProcessResult runProcess(const std::filesystem::path& folder, const std::vector<std::string>& words,
                                const std::string& inputFile = "/dev/null") {
    return Process(folder, words, inputFile).wait();
}

}  // namespace lathe::test
