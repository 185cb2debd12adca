"""The words that invented titles and abstracts are made of, by research area."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """One research area: what its papers are about. All entries are lower case and fit into a sentence."""

    #: The category that Scholar Feed shows: the part of the arXiv category after the dot.
    category: str
    #: What one tries to do ("…is a hard problem").
    tasks: tuple[str, ...]
    #: What one works with, plural.
    things: tuple[str, ...]
    #: How one does it.
    methods: tuple[str, ...]
    #: Under which circumstances, after "in" or "under".
    settings: tuple[str, ...]


# fmt: off
AREAS = (
    Area(
        category="LG",
        tasks=(
            "offline policy learning", "credit assignment", "continual learning", "density estimation",
            "representation learning", "tabular prediction", "anomaly detection", "value estimation",
            "model merging", "hyperparameter transfer", "time series forecasting", "graph classification",
        ),
        things=(
            "replay buffers", "loss landscapes", "sparse networks", "learned optimizers", "world models",
            "reward models", "latent variables", "gradient estimators", "decision trees", "kernel machines",
            "state space models", "mixtures of experts",
        ),
        methods=(
            "bootstrapped targets", "spectral regularisation", "stochastic pruning", "contrastive pairing",
            "second-order updates", "temporal abstraction", "weight averaging", "orthogonal adapters",
            "proximal descent", "masked reconstruction", "curriculum scheduling", "quantile regression",
        ),
        settings=(
            "the low-data regime", "delayed feedback", "distribution shift", "label noise",
            "small batch sizes", "heavy-tailed noise", "partial observability", "a fixed compute budget",
        ),
    ),
    Area(
        category="CL",
        tasks=(
            "question answering", "machine translation", "dialogue state tracking", "summary evaluation",
            "morphological tagging", "entity linking", "citation recommendation", "reading comprehension",
            "code-switched parsing", "claim verification", "table understanding", "prompt compression",
        ),
        things=(
            "language models", "tokenizers", "long contexts", "attention patterns", "preference labels",
            "bilingual lexicons", "reasoning traces", "instruction sets", "draft models", "word senses",
            "retrieval indices", "speech transcripts",
        ),
        methods=(
            "speculative drafting", "verifier feedback", "back-translation", "constrained decoding",
            "self-distillation", "retrieval grounding", "minimal pairs", "lexical anchoring",
            "chain revision", "token dropping", "pairwise ranking", "syntactic probes",
        ),
        settings=(
            "low-resource languages", "noisy transcripts", "long documents", "the zero-shot setting",
            "domain transfer", "adversarial prompts", "streaming input", "mixed scripts",
        ),
    ),
    Area(
        category="CV",
        tasks=(
            "depth completion", "image retrieval", "pose estimation", "scene flow prediction",
            "open-set segmentation", "video captioning", "camera calibration", "texture synthesis",
            "change detection", "image restoration", "object counting", "view synthesis",
        ),
        things=(
            "feature pyramids", "diffusion priors", "point clouds", "radiance fields", "event cameras",
            "patch embeddings", "optical flows", "shape templates", "satellite mosaics", "depth maps",
            "image tokens", "surface normals",
        ),
        methods=(
            "deformable matching", "cross-view attention", "photometric alignment", "latent warping",
            "cycle consistency", "multi-scale fusion", "score distillation", "uncertainty weighting",
            "epipolar constraints", "patch shuffling", "dense prompting", "region mixing",
        ),
        settings=(
            "low light", "fast camera motion", "crowded scenes", "sparse supervision",
            "adverse weather", "wide baselines", "rolling shutters", "unseen categories",
        ),
    ),
    Area(
        category="RO",
        tasks=(
            "legged locomotion", "bin picking", "in-hand manipulation", "aerial inspection",
            "footstep planning", "cable routing", "terrain mapping", "shared autonomy",
            "tool use", "cloth folding", "collision avoidance", "fleet scheduling",
        ),
        things=(
            "tactile arrays", "motion primitives", "contact models", "safety filters", "visual servos",
            "soft grippers", "trajectory libraries", "cost maps", "simulators", "whole-body controllers",
            "teleoperation logs", "pose graphs",
        ),
        methods=(
            "model predictive control", "residual policies", "domain randomisation", "impedance shaping",
            "barrier functions", "sampling-based planning", "imitation from video", "active exploration",
            "convex relaxation", "online identification", "hierarchical skills", "factor graphs",
        ),
        settings=(
            "unknown terrain", "sensor dropout", "tight clearances", "human proximity",
            "actuator wear", "strong wind", "partial maps", "communication delay",
        ),
    ),
    Area(
        category="MES-HALL",
        tasks=(
            "valley readout", "spin relaxation", "edge transport", "exciton trapping",
            "thermal rectification", "flux quantisation", "charge pumping", "noise spectroscopy",
            "moire band engineering", "shot-noise thermometry", "gate tuning", "quantum capacitance",
        ),
        things=(
            "twisted bilayers", "quantum dots", "edge modes", "Josephson junctions", "nanowires",
            "skyrmion lattices", "van der Waals stacks", "topological insulators", "spin qubits",
            "Hall bars", "plasmonic cavities", "hole gases",
        ),
        methods=(
            "microwave reflectometry", "scanning gate microscopy", "time-resolved transport",
            "tight-binding fits", "dispersive sensing", "magnetic focusing", "pump-probe spectroscopy",
            "noise correlation", "bias spectroscopy", "mean-field theory", "strain gradients", "gate pulsing",
        ),
        settings=(
            "millikelvin temperatures", "tilted magnetic fields", "weak disorder", "strong coupling",
            "finite bias", "the ballistic limit", "periodic driving", "low carrier density",
        ),
    ),
)

QUALITIES = (
    "robust", "sample-efficient", "calibrated", "scalable", "interpretable", "modular", "reproducible",
    "frugal", "provable", "adaptive", "stable", "low-latency", "uncertainty-aware", "compositional",
)

VERBS_ING = (
    "rethinking", "measuring", "learning", "reusing", "bounding", "tracing", "stress-testing", "sharing",
    "compressing", "aligning", "unifying", "auditing", "steering", "pre-training",
)

COINED_HEADS = (
    "Kelp", "Drift", "Lantern", "Quill", "Moss", "Heron", "Tern", "Basalt", "Cobalt", "Juniper", "Larch",
    "Tide", "Ember", "Willow", "Sable", "Fjord", "Pebble", "Vesper", "Onyx", "Marsh", "Thistle", "Gale",
    "Zephyr", "Auk",
)

COINED_TAILS = (
    "Net", "Former", "Bench", "Flow", "Prune", "Rank", "Mix", "Trace", "Sense", "Loop", "Cast", "Field",
    "Tune", "Seek", "Graph", "Lite", "Scope", "Path", "Weave", "Kit",
)

SUBTITLES = (
    "A Second Look", "Theory and Practice", "What Remains Open", "A Cautionary Tale", "Limits and Remedies",
    "Evidence from Nine Benchmarks", "An Empirical Study", "From Bounds to Code",
)

INSTITUTIONS = (
    "northbay-lab", "tidewater-university", "eth-nord", "institute-of-slow-science", "polder-tech",
    "karst-research", "ashgrove", "universidad-del-faro", "mistral-point", "copper-hill", "lakeside-ai",
    "hokuto-institute",
)

FIRST_NAMES = (
    "Ada", "Amara", "Anouk", "Arash", "Björn", "Camila", "Chidi", "Dalia", "Dmitri", "Eilidh", "Emeka",
    "Farah", "Giulia", "Hana", "Ilse", "Ines", "Jarek", "Jorge", "Kavya", "Kenji", "Laila", "Leif", "Linh",
    "Lucía", "Łukasz", "Mehmet", "Mei", "Mira", "Nadia", "Ngọc", "Noor", "Olamide", "Oskar", "Paloma",
    "Pavel", "Priya", "Quentin", "Rania", "Rohan", "Saoirse", "Selin", "Tomás", "Uma", "Viktor", "Wanjiru",
    "Xiaoyu", "Yara", "Zoë",
)

LAST_NAMES = (
    "Abara", "Achterberg", "Almasi", "Anselm", "Bakshi", "Berglund", "Bianchetti", "Brandvold", "Castellan",
    "Chaudhary", "Cheung", "Dandelot", "Dąbrowska", "Delacroix-Roy", "Ekström", "Erdoğan", "Fairweather",
    "Farhadi-Nia", "Ferreira", "Galloway", "Ghorbani", "Grünwald", "Haddad", "Hakimi", "Halvorsen",
    "Ibarra", "Igwe", "Ishikawa", "Jónsdóttir", "Kaczmarek", "Kamara", "Kapoor", "Kimani", "Kowalczyk",
    "Lindqvist", "Lombardi", "Machado", "Marchetti", "Mbeki", "Moreau", "Nakagawa", "Novák", "O’Riordan",
    "Okafor", "Olofsson", "Papadakis", "Petrov", "Quispe", "Rasmussen", "Rezaei", "Rosenthal", "Sakurai",
    "Sandoval", "Şahin", "Tanaka", "Thorsen", "Ueda", "Van Loon", "Vasquez", "Wieczorek", "Yamamoto",
    "Yilmaz", "Zamora", "Zielinski",
)
# fmt: on
