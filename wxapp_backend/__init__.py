"""引荐: customer referrals with rewards, for shops in WeChat."""
