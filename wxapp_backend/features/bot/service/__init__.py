"""The conversation: `callbacks` takes WeChat's word in, `answers` finds what to say."""
