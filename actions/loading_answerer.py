"""What does a question find while the models are still loading? An answerer that waits a little for them."""

from __future__ import annotations

from actions.loading_model import LoadingModel
from actions.quoted_answer import AnswersQuestions
from knowledge_base.answers import Answer


class LoadingAnswerer(LoadingModel[AnswersQuestions]):
    """Answers as soon as it is loaded."""

    def answer(self, question: str, sku: str | None = None) -> Answer:
        """Raises ModelNotReady."""
        return self.loaded().answer(question, sku)
