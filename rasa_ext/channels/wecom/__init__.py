"""WeCom (企业微信) as a channel of Rasa, on the core of the WeChat channel."""
