/**
 * The encodings' formulas in TeX, with the options' defaults, a display line an entry; the page's build sets them as MathML
 * (mathml.js). b is the base, d the width, t a position, r and c row and column, i a query and j a key, h a head.
 */

const { raw } = String;

const OMEGA = raw`\omega_k = b^{-2k/d}, \qquad k = 0, \ldots, \tfrac d2 - 1`;
const INDEX = raw`\iota(i, j) = (r_i - r_j + H - 1)(2W - 1) + (c_i - c_j + W - 1)`;
const SCORES = raw`S_{h,i,j} = \frac{\mathbf q_i \cdot \mathbf k_j}{\sqrt d} + b_{h,i,j}`;
const T5_BUCKET = [
  raw`\beta(\delta) = 16 \cdot \mathbf 1[\delta > 0] + \begin{cases} |\delta| & |\delta| < 8 \\ \min\left(15,\ 8 + \left\lfloor 8\, \dfrac{\ln(|\delta| / 8)}{\ln(128 / 8)} \right\rfloor\right) & \text{else} \end{cases}`,
];
const MASK = (/** @type {string} */ allowed, elsewhere = '-10^6') =>
  raw`\begin{cases} 0 & ${allowed} \\ ${elsewhere} & \text{else} \end{cases}`;

/** @type {Record<string, string[]>} */
const ADDED = {
  sincos1d: [
    raw`\mathbf p_t = [\, \sin t\,\omega_0,\ \cos t\,\omega_0,\ \sin t\,\omega_1,\ \cos t\,\omega_1,\ \ldots \,]`,
    OMEGA,
  ],
  sincos2d: [
    raw`\mathbf p_{r,c} = [\, \underbrace{\sin c\,\omega_k,\ \cos c\,\omega_k}_{\text{column}} \mid \underbrace{\sin r\,\omega_k,\ \cos r\,\omega_k}_{\text{row}} \,]`,
    raw`\omega_k = b^{-k/(d/4)}, \qquad k = 0, \ldots, \tfrac d4 - 1`,
  ],
  sincos3d: [
    raw`\mathbf p_{t,r,c} = [\, \underbrace{\sin t\,\omega_k,\ \cos t\,\omega_k}_{\text{frame}} \mid \underbrace{\sin r\,\nu_k,\ \cos r\,\nu_k}_{\text{row}} \mid \underbrace{\sin c\,\nu_k,\ \cos c\,\nu_k}_{\text{column}} \,]`,
    raw`\omega_k = b^{-k/(d/4)}, \qquad \nu_k = b^{-k/(d/8)}`,
  ],
  timestep: [
    raw`\mathbf p_t = [\, \sin t\,\omega_0,\ \ldots,\ \sin t\,\omega_{n-1} \mid \cos t\,\omega_0,\ \ldots,\ \cos t\,\omega_{n-1} \,]`,
    raw`\omega_k = b^{-k/(n - 1)}, \qquad n = \lfloor d/2 \rfloor`,
  ],
  sineGrid: [
    raw`y_{r,c} = 2\pi\, \frac{\sum_{s \le r} m_{s,c}}{\sum_s m_{s,c} + \varepsilon}, \qquad x_{r,c} = 2\pi\, \frac{\sum_{s \le c} m_{r,s}}{\sum_s m_{r,s} + \varepsilon}`,
    raw`\mathbf p_{r,c} = [\, \sin y\,\omega_0,\ \cos y\,\omega_0,\ \ldots \mid \sin x\,\omega_0,\ \cos x\,\omega_0,\ \ldots \,], \qquad \omega_k = b^{-2k/F}`,
  ],
  fourier: [
    raw`\mathbf p(u) = [\, u \mid \sin f_1 u,\ \ldots,\ \sin f_K u \mid \cos f_1 u,\ \ldots,\ \cos f_K u \,], \qquad -1 \le u \le 1`,
    raw`f_k = \pi \left(1 + \frac{k - 1}{K - 1} \left(\frac R2 - 1\right)\right)`,
  ],
  nerf: [
    raw`\gamma(\mathbf x) = [\, \mathbf x,\ \sin 2^0 \mathbf x,\ \cos 2^0 \mathbf x,\ \ldots,\ \sin 2^{L-1} \mathbf x,\ \cos 2^{L-1} \mathbf x \,]`,
  ],
  randomFourier: [
    raw`\mathbf p(\mathbf u) = [\, \sin \mathbf a \mid \cos \mathbf a \,], \qquad \mathbf a = 2\pi\, (2\mathbf u - 1)\, G`,
    raw`\mathbf u_{r,c} = \left( \frac{c + 1/2}{W},\ \frac{r + 1/2}{H} \right)`,
  ],
  positionIds: [
    raw`t_i = p + \mathbf 1[x_i \ne p] \sum_{j \le i} \mathbf 1[x_j \ne p], \qquad p = \text{padding}`,
  ],
  learnedTable: [raw`\mathbf h_t = \mathbf x_t + E_{o + t}, \qquad o = \text{offset}`],
  rowColumn: [raw`\mathbf p_{r,c} = R_r + C_c`],
  resizeTable: [
    raw`E'_{i,j} = \sum_{r,c} \kappa(u_i - r)\, \kappa(v_j - c)\, E_{r,c}`,
    raw`u_i = \left(i + \tfrac12\right) \frac{H}{H'} - \tfrac12, \quad v_j = \left(j + \tfrac12\right) \frac{W}{W'} - \tfrac12`,
    raw`\kappa(x) = \begin{cases} \tfrac54 |x|^3 - \tfrac94 |x|^2 + 1 & |x| < 1 \\ -\tfrac34 \left(|x|^3 - 5|x|^2 + 8|x| - 4\right) & 1 \le |x| < 2 \\ 0 & \text{else} \end{cases}`,
  ],
  attentionPoolTable: [
    raw`Z = [\, \bar{\mathbf x};\ \mathbf x_1;\ \ldots;\ \mathbf x_{HW} \,] + E, \qquad \bar{\mathbf x} = \frac1{HW} \sum_n \mathbf x_n`,
    raw`\mathbf o = W_o\, \operatorname{softmax}\left(\frac{\mathbf q_0 K^\top}{\sqrt d}\right) V`,
    raw`\mathbf q_0 = W_q\, \mathbf z_0,\quad K = Z W_k^\top,\quad V = Z W_v^\top`,
  ],
  convolutionalPosition: [
    raw`\mathbf y_t = \operatorname{GELU}\left(\mathbf b + \sum_{k=0}^{K-1} W_k\, \mathbf x_{t + k - \lfloor K/2 \rfloor}\right), \qquad W = g\, \frac{V}{\lVert V \rVert}`,
  ],
  conditionalPosition: [
    raw`\mathbf y_{r,c} = \mathbf x_{r,c} + \mathbf b + \sum_{i,j} \mathbf w_{i,j} \odot \mathbf x_{r+i,\,c+j}, \qquad |i|, |j| \le \tfrac{k-1}2`,
    raw`\mathbf x_{r,c} = 0 \quad \text{outside of the map}`,
  ],
};

/** @type {Record<string, string[]>} */
const ROTATED = {
  rope: [
    raw`\begin{pmatrix} x'_k \\ x'_{k + d/2} \end{pmatrix} = \begin{pmatrix} \cos t\,\omega_k & -\sin t\,\omega_k \\ \sin t\,\omega_k & \cos t\,\omega_k \end{pmatrix} \begin{pmatrix} x_k \\ x_{k + d/2} \end{pmatrix}`,
    OMEGA,
    raw`R_s\, \mathbf q \cdot R_t\, \mathbf k = \mathbf q \cdot R_{t - s}\, \mathbf k`,
  ],
  rope2d: [
    raw`\boldsymbol\varphi_{r,c} = [\, \underbrace{r\,\omega_0,\ \ldots,\ r\,\omega_{K-1}}_{\text{row}} \mid \underbrace{c\,\omega_0,\ \ldots,\ c\,\omega_{K-1}}_{\text{column}} \,]`,
    raw`\omega_k = b^{-k/K}, \qquad K = \tfrac d4`,
  ],
  ropeSections: [
    raw`\varphi_k = \omega_k \cdot \begin{cases} t & k < s_0 \\ r & s_0 \le k < s_0 + s_1 \\ c & s_0 + s_1 \le k \end{cases}`,
    OMEGA,
  ],
  ropeFrequencies: [
    OMEGA,
    raw`\omega'_k = \gamma_k\, \frac{\omega_k}{s} + (1 - \gamma_k)\, \omega_k, \qquad \begin{aligned} \gamma_k &= 1 && \text{linear} \\ \gamma_k &= \operatorname{clip}\left(\frac{k - k_0}{k_1 - k_0},\, 0,\, 1\right) && \text{YaRN} \end{aligned}`,
  ],
  applyRope: [
    raw`\mathbf x' = \mathbf x \odot \cos \boldsymbol\varphi + \tilde{\mathbf x} \odot \sin \boldsymbol\varphi`,
    raw`\tilde{\mathbf x} = [\, -x_{d/2},\ \ldots,\ -x_{d-1} \mid x_0,\ \ldots,\ x_{d/2-1} \,]`,
  ],
};

/** @type {Record<string, string[]>} */
const BIASED = {
  windowBias: [SCORES, raw`b_{h,i,j} = T_{\iota(i,j),\,h}`, INDEX],
  shiftedWindowMask: [
    raw`m_{n,i,j} = ${MASK(raw`\rho_i = \rho_j`, '-100')}`,
    raw`\rho(r, c) = \bigl( \mathbf 1[r \ge H - h] + \mathbf 1[r \ge H - s_y],\ \mathbf 1[c \ge W - w] + \mathbf 1[c \ge W - s_x] \bigr)`,
  ],
  windowIndex: [INDEX],
  logCoordinates: [
    raw`\hat u = \operatorname{sign}(u)\, \frac{\log_2(1 + |u|)}{\log_2 8}, \qquad u = \frac{8\, \delta}{w - 1}, \quad \delta = 1 - w, \ldots, w - 1`,
  ],
  continuousBias: [
    raw`b_{h,i,j} = 16\, \sigma\bigl( W_2 \max(0,\ W_1\, \hat{\mathbf u}_{i,j} + \mathbf b_1) \bigr)_h`,
    raw`\hat{\mathbf u}_{i,j} = \text{the log offset of } (r_i - r_j,\ c_i - c_j)`,
  ],
  resizeBias: [
    raw`u_{\pm n} = \pm (1 + q + q^2 + \cdots + q^{n-1}), \qquad u_{w-1} = w' - 1, \quad 1.01 \le q \le 1.5`,
    raw`T'_\delta = T_n + \frac{\delta - u_n}{u_{n+1} - u_n}\, (T_{n+1} - T_n), \qquad u_n \le \delta \le u_{n+1}`,
  ],
  beitBias: [SCORES, raw`b_{h,i,j} = T_{\iota(i,j),\,h}, \qquad \iota = \text{the index with a class token}`],
  beitIndex: [
    raw`\iota(0, j) = R, \qquad \iota(i, 0) = R + 1, \qquad \iota(0, 0) = R + 2, \qquad R = (2H - 1)(2W - 1)`,
    raw`${INDEX}, \qquad i, j \ge 1`,
  ],
  decomposedBias: [
    raw`b_{i,j} = \mathbf q_i \cdot R^{\text{row}}_{r_i - r_j} + \mathbf q_i \cdot R^{\text{column}}_{c_i - c_j}`,
  ],
  levitBias: [raw`b_{h,i,j} = T_{h,\; |r_i - r_j|\,W + |c_i - c_j|}`],
  botnetBias: [
    raw`b_{i,j} = \mathbf q_i \cdot \left( R^{\text{row}}_{r_j - r_i} + R^{\text{column}}_{c_j - c_i} \right)`,
  ],
  gpsa: [
    raw`P_{i,j} = \operatorname*{softmax}_j \bigl( \mathbf w \cdot (\delta_x,\ \delta_y,\ \delta_x^2 + \delta_y^2) + \beta \bigr), \qquad \delta_x = c_j - c_i, \quad \delta_y = r_j - r_i`,
    raw`A = (1 - \sigma(\lambda)) \operatorname{softmax}(S) + \sigma(\lambda)\, P`,
  ],
  t5Bias: [raw`S_{h,i,j} = \mathbf q_i \cdot \mathbf k_j + T_{\beta(j - i),\,h}`, ...T5_BUCKET],
  t5Buckets: T5_BUCKET,
  debertaBuckets: [
    raw`\beta(\delta) = \begin{cases} \delta & |\delta| \le m \\ \operatorname{sign}(\delta) \left( m + \left\lceil (m - 1)\, \dfrac{\ln(|\delta| / m)}{\ln((P - 1) / m)} \right\rceil \right) & \text{else} \end{cases}`,
    raw`m = 128, \qquad P = 512`,
  ],
  disentangled: [
    raw`S_{i,j} = \frac{\mathbf q_i \cdot \mathbf k_j + \mathbf q_i \cdot \mathbf k^{\text{place}}_{\rho(i-j)} + \mathbf k_j \cdot \mathbf q^{\text{place}}_{\rho(i-j)}}{\sqrt{3d}}`,
    raw`\rho(\delta) = \operatorname{clip}(\beta(\delta) + s,\ 0,\ 2s - 1)`,
  ],
  gatedBias: [
    raw`b'_{h,i,j} = \bigl( g_i\, (g'_i\, a_h - 1) + 2 \bigr)\, b_{h,i,j}`,
    raw`g_i = \sigma\left(\sum_{n=1}^4 (W \mathbf x_i + \boldsymbol\beta)_n\right), \qquad g'_i = \sigma\left(\sum_{n=5}^8 (W \mathbf x_i + \boldsymbol\beta)_n\right)`,
  ],
  shaw: [
    raw`b_{i,j} = \frac{\mathbf q_i \cdot \mathbf a_\delta}{\sqrt d}, \qquad \delta = \operatorname{clip}(j - i,\ -l,\ r)`,
  ],
  transformerXL: [
    raw`b_{i,j} = (\mathbf q_i + \mathbf v) \cdot W \mathbf r_{i - j}, \qquad \mathbf r_\delta = [\, \sin \delta\,\omega_k \mid \cos \delta\,\omega_k \,]`,
  ],
  relativeSincos: [
    raw`\mathbf r_\delta = [\, \sin \delta\,\omega_k \mid \cos \delta\,\omega_k \,], \qquad \delta = \text{from},\ \ldots,\ \text{to}`,
    OMEGA,
  ],
  alibi: [raw`b_{h,i,j} = -m_h\, |i - j|, \qquad m_h = 2^{-8h/H}, \quad h = 1, \ldots, H`],
  alibiSlopes: [
    raw`m_h = 2^{-8h/n}, \quad h = 1, \ldots, n, \qquad n = 2^{\lfloor \log_2 H \rfloor}`,
    raw`m_{n+k} = 2^{-8(2k - 1)/(2n)}, \quad k = 1, \ldots, H - n`,
  ],
  kerple: [raw`b_{h,i,j} = -r_{1,h}\, \ln(1 + r_{2,h}\, |i - j|)`],
  fire: [
    raw`b_{h,i,j} = \bigl( W_2 \max(0,\ W_1\, x_{i,j} + \mathbf b_1) + \mathbf b_2 \bigr)_h`,
    raw`x_{i,j} = \frac{\ln(|c\,(i - j)| + 1)}{\ln(|c \max(i, |L|)| + 1) + \varepsilon}`,
  ],
  sandwich: [
    raw`b_{h,i,j} = \frac{H}{8h} \sum_k \cos\bigl((i - j)\, \omega_k\bigr), \qquad h = 1, \ldots, H`,
    OMEGA,
  ],
  cope: [
    raw`p_{i,j} = \min\left( \sum_{t \ge j} \sigma(S_{i,t}),\ P - 1 \right)`,
    raw`b_{i,j} = (1 - f)\; \mathbf q_i \cdot \mathbf e_{\lfloor p \rfloor} + f\; \mathbf q_i \cdot \mathbf e_{\lceil p \rceil}, \qquad f = p_{i,j} - \lfloor p_{i,j} \rfloor`,
  ],
  slidingWindowMask: [raw`m_{i,j} = ${MASK(raw`-\text{left} \le j - i \le \text{right}`)}`],
  segmentMask: [raw`m_{i,j} = ${MASK(raw`s_i = s_j`)} \qquad s_i = \text{the segment of token } i`],
  paddingMask: [raw`m_{b,j} = ${MASK(raw`j < n_b`)} \qquad n_b = \text{length of sequence } b`],
};

/** Display lines of TeX by the name of the encoding. @type {Record<string, string[]>} */
export const FORMULAS = { ...ADDED, ...ROTATED, ...BIASED };
