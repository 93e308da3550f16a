"""Continues an encoder's pre-training on unlabeled tickets, so that it learns how people tweet."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Dataset
from transformers import (
    AutoModelForMaskedLM,
    AutoTokenizer,
    DataCollatorForLanguageModeling,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    TrainingArguments,
)
from transformers.trainer_callback import PrinterCallback
from transformers.utils import logging

from data.config import AdaptationSettings, EncoderSettings
from data.errors import TrainingError
from model.checkpoints import SaveEvery, kept, last_whole
from model.encoder import encoder_path, has_bfloat16, plain_attention
from model.progress import Progress, Report
from model.repeatable import repeatable
from model.sampling import BucketTrainer, LengthBuckets

FEWEST_TEXTS, MOST_HELD_OUT = 100, 1000


def adapt_encoder(
    texts: Sequence[str],
    encoder: EncoderSettings,
    settings: AdaptationSettings,
    folder: Path,
    progress: Progress = lambda done, total: None,
    checkpoints: Path | None = None,
) -> dict[str, Any]:
    """Masked language modelling (Devlin et al., 2019) on the texts; saves the encoder into `folder`.

    The folder is what `[encoder] name` takes. The last tenth of the texts, 1,000 at most, is held out: the
    loss on it is measured before and after, with the same masks. An interrupted training goes on from
    `checkpoints`. Returns figures of the training. Raises TrainingError with fewer than 100 texts, or for an
    encoder of a kind that has no masked language model.
    """
    if len(texts) < FEWEST_TEXTS:
        raise TrainingError(
            f"adaptation needs {FEWEST_TEXTS} texts or more, got {len(texts)}; ingest more tickets"
        )
    repeatable(settings.seed)
    path = encoder_path(encoder.name)
    tokenizer = AutoTokenizer.from_pretrained(path)
    cut = len(texts) - min(max(1, len(texts) // 10), MOST_HELD_OUT)
    train, held_out = (_Tokens(tokenizer, part, encoder.max_length) for part in (texts[:cut], texts[cut:]))
    model = _with_mask_head(path)
    with kept(checkpoints) as place:
        trainer = _MaskTrainer(
            model,
            _arguments(settings, place, len(train)),
            data_collator=_masks(tokenizer, settings),
            train_dataset=train,
            callbacks=[Report(progress, len(train)), SaveEvery(settings.checkpoint_minutes * 60)],
        )
        trainer.sampler = LengthBuckets(train.lengths, settings.batch_size, settings.seed)
        trainer.remove_callback(PrinterCallback)
        before = _loss(model, tokenizer, held_out, settings)
        with plain_attention(model):
            trainer.train(resume_from_checkpoint=last_whole(place))
        base: Any = model.base_model
        base.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    after = _loss(model, tokenizer, held_out, settings)
    return {"texts": len(train), "held_out": len(held_out), "loss_before": before, "loss_after": after}


class _MaskTrainer(BucketTrainer):
    """A Trainer of a masked language model that guesses the masked tokens alone, not every one of a text."""

    def compute_loss(self, model: Any, inputs: dict[str, Tensor], *args: Any, **kwargs: Any) -> Any:
        return _mask_loss(model, inputs)


def _mask_loss(model: Any, inputs: dict[str, Tensor]) -> Tensor:
    """The mean loss of the masked tokens."""
    inputs = dict(inputs)
    labels = inputs.pop("labels")
    masked = labels >= 0
    if not masked.any():  # A last batch of one short text: nothing to learn from.
        return torch.as_tensor(model(**inputs).logits.sum() * 0)
    with _only(getattr(model, "module", model).base_model, masked):
        loss: Tensor = model(**inputs, labels=labels[masked][None]).loss
    return loss


@contextmanager
def _only(encoder: Any, chosen: Tensor) -> Iterator[None]:
    """Within it the encoder answers for the `chosen` [texts, tokens] alone, side by side: [1, n, dim]."""

    def shorten(module: Any, args: Any, output: Any) -> Any:
        output["last_hidden_state"] = output["last_hidden_state"][chosen][None]
        return output

    hook = encoder.register_forward_hook(shorten)
    try:
        yield
    finally:
        hook.remove()


class _Tokens(Dataset[dict[str, Any]]):
    """Texts as token ids."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], most: int) -> None:
        encoded = tokenizer(list(texts), truncation=True, max_length=most)
        self._ids: list[list[int]] = encoded["input_ids"]
        self.lengths = [len(ids) for ids in self._ids]

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, row: int) -> dict[str, Any]:
        return {"input_ids": self._ids[row]}


def _with_mask_head(path: str) -> PreTrainedModel:
    """The encoder under a masked language model's head, untrained where it comes without one."""
    level = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        model: PreTrainedModel = AutoModelForMaskedLM.from_pretrained(path)
    except ValueError as error:
        raise TrainingError(f"encoder '{path}' cannot be adapted: {error}") from error
    finally:
        logging.set_verbosity(level)
    return model


def _masks(
    tokenizer: PreTrainedTokenizerBase, settings: AdaptationSettings
) -> DataCollatorForLanguageModeling:
    return DataCollatorForLanguageModeling(tokenizer, mlm_probability=settings.masked)


def _arguments(settings: AdaptationSettings, checkpoints: Path, texts: int) -> TrainingArguments:
    steps = math.ceil(texts / settings.batch_size) * settings.epochs
    return TrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        warmup_steps=int(0.1 * steps),
        weight_decay=0.01,
        bf16=has_bfloat16(),
        use_cpu=not torch.cuda.is_available(),
        seed=settings.seed,
        save_strategy="epoch",
        save_total_limit=1,
        logging_strategy="steps",
        logging_steps=50,
        logging_nan_inf_filter=False,
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to=[],
    )


@torch.inference_mode()
def _loss(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: _Tokens, settings: AdaptationSettings
) -> float:
    """The mean loss of a masked token, always with the same masks; randomness outside is left alone."""
    masks, state = _masks(tokenizer, settings), torch.random.get_rng_state()
    torch.manual_seed(settings.seed)
    model.train(False)
    total, masked = 0.0, 0
    for start in range(0, len(texts), settings.batch_size):
        rows = range(start, min(start + settings.batch_size, len(texts)))
        batch = masks([texts[row] for row in rows])
        count = int((batch["labels"] >= 0).sum())
        if count:
            total += float(_mask_loss(model, batch.to(model.device))) * count
            masked += count
    model.train(True)
    torch.random.set_rng_state(state)
    return round(total / max(1, masked), 6)
