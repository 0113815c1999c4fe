// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/random_state.h"

#include <ATen/Context.h>

#include <mutex>

namespace lathe::train {

RandomStateGuard::Saved RandomStateGuard::save(torch::Device device) {
    at::Generator generator = at::globalContext().defaultGenerator(device);
    const std::lock_guard lock(generator.mutex());
    return {generator, generator.get_state()};
}

RandomStateGuard::RandomStateGuard(torch::Device device)
    : m_dropout(nn::dropoutState()),
      m_deterministic(at::globalContext().deterministicAlgorithms()),
      m_warnOnly(at::globalContext().deterministicAlgorithmsWarnOnly()),
      m_deterministicCuDnn(at::globalContext().deterministicCuDNN()),
      m_benchmarkCuDnn(at::globalContext().benchmarkCuDNN()) {
    m_saved.push_back(save(torch::kCPU));
    if (!device.is_cpu())
        m_saved.push_back(save(device));
}

RandomStateGuard::~RandomStateGuard() {
    for (Saved& saved : m_saved) {
        const std::lock_guard lock(saved.generator.mutex());
        saved.generator.set_state(saved.state);
    }
    nn::setDropoutState(m_dropout);
    at::globalContext().setDeterministicAlgorithms(m_deterministic, m_warnOnly);
    at::globalContext().setDeterministicCuDNN(m_deterministicCuDnn);
    at::globalContext().setBenchmarkCuDNN(m_benchmarkCuDnn);
}

}  // namespace lathe::train
