"""From a raw mail to clean text: HTML, quotes, signatures, sentences, language, dates."""
