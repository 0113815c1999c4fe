// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LossScaler: keeps the small gradients of fp16 above zero by making the loss larger. Torch-free.
// \source Micikevicius et al. arXiv:1710.03740, 3.2, with the numbers of torch.cuda.amp.GradScaler
#pragma once

#include <array>
#include <cstdint>

namespace lathe::train {

class LossScaler {
public:
    /// What the loss is to be multiplied by; a power of two, so that nothing is rounded.
    double scale() const { return m_scale; }
    /// A step's gradients were finite, or not (then the step is left out and the scale halved).
    void note(bool finite) {
        if (!finite) {
            m_scale /= 2;
            m_clean = 0;
        } else if (++m_clean == kGrowthSteps) {
            m_scale *= 2;
            m_clean = 0;
        }
    }
    /// Gradients overflow without any scale: it is not the number format.
    bool isExhausted() const { return m_scale < 1; }

    std::array<double, 2> state() const { return {m_scale, static_cast<double>(m_clean)}; }
    void restore(const std::array<double, 2>& state) {
        m_scale = state[0];
        m_clean = static_cast<std::int64_t>(state[1]);
    }

    static constexpr std::int64_t kGrowthSteps = 2000;

private:
    double m_scale = 65536;
    std::int64_t m_clean = 0;  ///< steps since the scale changed
};

}  // namespace lathe::train
